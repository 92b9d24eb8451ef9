import assert from "node:assert/strict";
import { amount, figure, missedBy, targetOf } from "../../bench/figures";
import { targets } from "../../bench/targets";

const [atMost, atLeast] = [targets.upOfSdk.atMost, targets.trainOfPlain.atLeast];

describe("a figure of the bench", () => {
  it("is within its target, or misses it by so much", () => {
    assert.equal(missedBy(figure("up", atMost, "times", "upOfSdk")), 0);
    assert.equal(missedBy(figure("up", atMost + 2, "times", "upOfSdk")), 2);
    assert.equal(missedBy(figure("train", atLeast, "times", "trainOfPlain")), 0);
    assert.equal(missedBy(figure("train", atLeast - 1, "times", "trainOfPlain")), 1);
    assert.equal(missedBy(figure("anything", 1e9, "s")), 0);
  });

  it("says its target in words", () => {
    assert.equal(targetOf(figure("up", 1, "times", "upOfSdk")), `at most ${atMost} times`);
    assert.equal(targetOf(figure("train", 1, "times", "trainOfPlain")), `at least ${atLeast} times`);
    assert.equal(targetOf(figure("anything", 1, "s")), "");
  });

  for (const [value, text] of [
    [0.12345, "0.123 s"],
    [1, "1 s"],
    [12.345, "12.3 s"],
    [1234.5, "1235 s"],
  ] as const) {
    it(`writes ${value} as ${text}`, () => assert.equal(amount({ value, unit: "s" }), text));
  }
});
