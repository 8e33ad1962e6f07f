import { seedStage } from "../../../../components/secrets/entry";
import { dueDate, standingOf } from "../../../../components/secrets/watch/program/standing.mjs";

const day = 86_400_000;
const changed = new Date("2026-08-01T00:00:00Z");
const later = (days: number) => new Date(changed.getTime() + days * day);

test.each([
  ["the placeholder alone", [[seedStage, "AWSCURRENT"]], "placeholder"],
  ["a value beside the placeholder", [[seedStage], ["AWSCURRENT"]], "set"],
  [
    "a value whose placeholder is the one before",
    [[seedStage, "AWSPREVIOUS"], ["AWSCURRENT"]],
    "set",
  ],
  ["no current version", [[seedStage], ["AWSPENDING"]], "placeholder"],
  ["no version", [], "placeholder"],
])("an entry with %s", (_, stages, state) => {
  const versions = stages.map((VersionStages) => ({ VersionStages, CreatedDate: changed }));
  expect(standingOf(versions, seedStage).state).toBe(state);
});

test.each([
  ["renewed by hand", { renewDays: 90 }, { changed }, later(90)],
  ["rotated by its function, a day later at most", { everyDays: 90 }, { changed }, later(91)],
  ["whose function said when", { everyDays: 90 }, { changed, next: later(60) }, later(60)],
  ["whose function puts it off", { everyDays: 90 }, { changed, next: later(400) }, later(91)],
  ["without pace", {}, { changed }, undefined],
  ["of unknown age", { renewDays: 90 }, {}, undefined],
])("NS-S2: a value %s is due", (_, pace, known, expected) => {
  expect(dueDate(pace, known)).toEqual(expected);
});
