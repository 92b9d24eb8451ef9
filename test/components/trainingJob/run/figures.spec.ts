import assert from "node:assert/strict";
import { shortNumber, shortTime } from "../../../../components/trainingJob/run/figures";

describe("figures of a row", () => {
  for (const [text, short] of [
    ["0.972222", "0.9722"],
    ["0.9720", "0.972"],
    ["12345.678", "12350"],
    ["1.5e-7", "1.5e-7"],
    ["0.00001234567", "0.00001235"],
    ["1234567", "1234567"],
    ["-0.000", "-0.000"],
    ["nan", "nan"],
    ["0.5s", "0.5s"],
    ["", ""],
  ]) {
    it(`shows ${text || "nothing"} as ${short || "nothing"}`, () => assert.equal(shortNumber(text), short));
  }

  for (const [seconds, short] of [
    [-5, "0s"],
    [59.9, "59s"],
    [60, "1m"],
    [3599, "59m"],
    [3600, "1h"],
    [3900, "1h 5m"],
    [86_400, "1d"],
    [97_200, "1d 3h"],
  ] as const) {
    it(`shows ${seconds} s as ${short}`, () => assert.equal(shortTime(seconds), short));
  }
});
