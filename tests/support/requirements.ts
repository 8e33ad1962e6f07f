/** Ids of the requirements that tests prove; each stands in the name of at least one. */
export const provenRequirements = [
  ...Array.from({ length: 12 }, (_, index) => `CB-W${index + 1}`),
  ...["NS-W1", "NS-W2", "NS-W3", "NS-W4"],
  ...["E9-W1", "E9-W2"],
  ...["SA-W1", "SA-W2", "SA-W3"],
];
