/** A test without an engine is done in seconds, on a slow machine in half a minute. */
jest.setTimeout(30_000);
