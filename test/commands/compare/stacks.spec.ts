import assert from "node:assert/strict";
import { primaryOf, withPrimary } from "../../../commands/compare/stacks";

const stack = (settings: Record<string, string>) =>
  new Map(Object.entries(settings).map(([key, value]) => [`training:${key}`, value]));

describe("what runs are compared by", () => {
  it("is the primary metric of the stack, in the direction of its goal", () => {
    const primary = primaryOf([
      stack({ primaryMetric: "f1", primaryGoal: "minimize" }),
      stack({ primaryMetric: "" }),
    ]);
    assert.deepEqual(primary, { metric: "f1", direction: "min" });
    assert.equal(primaryOf([stack({ primaryGoal: "maximize" })]).direction, "max");
    assert.deepEqual(primaryOf([stack({})]), { metric: undefined });
  });

  it("is none of the stacks' where they contradict each other", () => {
    const stacks = ["f1", "loss"].map((primaryMetric) => stack({ primaryMetric, primaryGoal: "minimize" }));
    assert.deepEqual(primaryOf(stacks), { metric: undefined });
    const goals = ["maximize", "minimize"].map((primaryGoal) => stack({ primaryMetric: "f1", primaryGoal }));
    assert.deepEqual(primaryOf(goals), { metric: "f1" });
  });

  it("is what the command asks for before that", () => {
    const primary = { metric: "f1", direction: "min" } as const;
    const by = (asked: Parameters<typeof withPrimary>[0], metrics = ["f1", "loss"]) =>
      JSON.parse(JSON.stringify(withPrimary(asked, primary, metrics)));
    assert.deepEqual(by({}), primary);
    assert.deepEqual(by({ direction: "max" }), { metric: "f1", direction: "max" });
    assert.deepEqual(by({ metric: "f1" }), primary);
    assert.deepEqual(by({ metric: "loss" }), { metric: "loss" });
    assert.deepEqual(by({}, ["loss"]), {}, "no run has it yet");
  });
});
