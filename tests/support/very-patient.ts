/** A test of an engine or a server runs several updates. */
jest.setTimeout(600_000);
