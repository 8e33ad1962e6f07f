/** Ids of the requirements that tests prove; each stands in the name of at least one. */
export const provenRequirements = [
  ...Array.from({ length: 12 }, (_, index) => `CB-W${index + 1}`),
  ...["NS-W1", "NS-W2", "NS-W3", "NS-W4"],
  ...["E9-W1", "E9-W2"],
  ...["SA-W1", "SA-W2", "SA-W3"],
  ...["NS-S1", "NS-S2", "NS-S3", "NS-S4", "NS-S5", "SA-S1", "TS-S1"],
  ...["SA-B1", "SA-B2", "SA-B3", "SA-B4", "E9-B1", "E9-B2", "TS-B1", "NS-B1"],
];
