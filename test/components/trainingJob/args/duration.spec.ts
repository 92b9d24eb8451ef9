import assert from "node:assert/strict";
import { durationSeconds } from "../../../../components/trainingJob/args/duration";

describe("durationSeconds", () => {
  const readable: [unknown, number][] = [
    [0, 0],
    [90, 90],
    ["90", 90],
    ["45s", 45],
    ["90m", 5400],
    ["2h", 7200],
    ["1d", 86_400],
    ["1h30m", 5400],
    [" 1d 2h 3m 4s ", 93_784],
    ["1.5h", 5400],
    ["0.1h", 360],
    ["2H", 7200],
  ];
  for (const [value, seconds] of readable) {
    it(`reads ${JSON.stringify(value)}`, () => assert.equal(durationSeconds(value), seconds));
  }

  const unreadable = [
    -1,
    0.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** 60,
    "",
    " ",
    "h",
    "1w",
    "-1h",
    "1h x",
    "1h-30m",
    "0.5s",
    "1e3",
    "PT1H",
    true,
    null,
    undefined,
    {},
    ["1h"],
  ];
  for (const value of unreadable) {
    it(`refuses ${String(JSON.stringify(value) ?? value)} (${typeof value})`, () =>
      assert.equal(durationSeconds(value), undefined));
  }
});
