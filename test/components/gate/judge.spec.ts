import assert from "node:assert/strict";
import { type GateRule, judge } from "../../../components/gate/judge";
import type { Model } from "../../../components/model";
import { assertSays } from "../support/failure";

const model = (metrics: Record<string, number>, trainingJobName = "dense-1"): Model => ({
  artifact: "s3://b/model.tar.gz",
  image: "image",
  trainingJobName,
  metrics,
});
const other = (metrics: Record<string, number>) => model(metrics, "dense-0");
const HIGH: GateRule = { metric: "f1", goal: "maximize" };
const LOW: GateRule = { metric: "loss", goal: "minimize" };

describe("the judgement of a gate", () => {
  const LEAST = { ...HIGH, limit: 0.9 };
  const MOST = { ...LOW, limit: 0.3 };
  const BETTER = { ...HIGH, betterThan: "deploy" };
  for (const [what, passes, rule, metrics, served] of [
    ["at least: more", true, LEAST, { f1: 0.95 }],
    ["at least: just that", true, LEAST, { f1: 0.9 }],
    ["at least: just that, as 32 bits keep it", true, LEAST, { f1: 0.8999999761581421 }],
    ["at least: less", false, LEAST, { f1: 0.8999 }],
    ["at most: less", true, MOST, { loss: 0.1 }],
    ["at most: just that", true, MOST, { loss: 0.3 }],
    ["at most: just that, as 32 bits keep it", true, MOST, { loss: 0.30000001192092896 }],
    ["at most: more", false, MOST, { loss: 0.31 }],
    ["a limit of nought", false, { ...HIGH, limit: 0 }, { f1: -0.1 }],
    ["better: nothing in service", true, BETTER, { f1: 0 }],
    ["better: more", true, BETTER, { f1: 0.6 }, { f1: 0.5 }],
    ["better: just as much", false, BETTER, { f1: 0.5 }, { f1: 0.5 }],
    ["better: less", false, BETTER, { f1: 0.4 }, { f1: 0.5 }],
    ["better by: just that", true, { ...BETTER, by: 0.1 }, { f1: 0.3 }, { f1: 0.2 }],
    ["better by: too little", false, { ...BETTER, by: 0.1 }, { f1: 0.29 }, { f1: 0.2 }],
    ["better by nothing: just as much", false, { ...BETTER, by: 0 }, { f1: 0.2 }, { f1: 0.2 }],
    ["a lower loss", true, { ...LOW, betterThan: "deploy", by: 0.1 }, { loss: 0.2 }, { loss: 0.3 }],
    ["a loss that is not low enough", false, { ...LOW, betterThan: "deploy" }, { loss: 0.3 }, { loss: 0.3 }],
    ["both: only the limit", false, { ...BETTER, limit: 0.3 }, { f1: 0.4 }, { f1: 0.5 }],
    ["both: only better", false, { ...BETTER, limit: 0.3 }, { f1: 0.2 }, { f1: 0.1 }],
    ["both", true, { ...BETTER, limit: 0.3 }, { f1: 0.4 }, { f1: 0.1 }],
    ["no such metric", false, LEAST, { loss: 1 }],
    ["no such metric, of a name that every object has", false, { ...LEAST, metric: "constructor" }, {}],
    ["no figure", false, LEAST, { f1: Number.NaN }],
    ["no figure in service to compare with", false, BETTER, { f1: 1 }, { loss: 1 }],
  ] as [string, boolean, GateRule, Record<string, number>, Record<string, number>?][]) {
    it(`${passes ? "passes" : "keeps back"} ${what}`, () => {
      const { passed, reason } = judge(model(metrics), rule, served && other(served));
      assert.equal(passed, passes, reason);
      assert.equal(reason === undefined, passes);
    });
  }

  it("tells both figures, and of several the hardest", () => {
    const rule = { ...HIGH, limit: 0.3, betterThan: "deploy" };
    assert.deepEqual(judge(model({ f1: 0.6 }), rule, other({ f1: 0.5 })), {
      passed: true,
      metric: "f1",
      value: 0.6,
      threshold: 0.5,
      trainingJobName: "dense-1",
    });
    assert.equal(judge(model({ f1: 0.6 }), rule, other({ f1: 0.1 })).threshold, 0.3);
    assert.equal(
      judge(model({ loss: 0.6 }), { ...LOW, limit: 0.3, betterThan: "deploy" }, other({ loss: 0.5 }))
        .threshold,
      0.3,
    );
    const { reason = "" } = judge(model({ f1: 0.123456789 }), { ...rule, by: 0.01 }, other({ f1: 0.5 }));
    assert.equal(
      reason,
      "dense-1 is not handed on: its f1 is 0.1234568, and training:gate asks for at least 0.3, and " +
        "its f1 is 0.1234568, and training:gate asks for at least 0.51, better by 0.01 than the 0.5 of dense-0, which is in service.",
    );
  });

  it("says what a model has in place of the metric, its own and that in service", () => {
    const { reason = "" } = judge(model({ loss: 1, acc: 2 }), { ...HIGH, limit: 1 });
    assertSays(reason, "dense-1", "has no figure for f1 (it has loss, acc)");
    const than = judge(model({ f1: 1 }), { ...HIGH, betterThan: "deploy" }, other({}));
    assertSays(than.reason ?? "", "dense-0, which is in service, has no figure for f1", "(it has none)");
  });

  it("does not ask the model in service to be better than itself, and holds it to the limit", () => {
    const served = model({ f1: 0.5 });
    const rule = { ...HIGH, betterThan: "deploy" };
    assert.equal(judge(served, rule, served).passed, true);
    assert.equal(judge(served, { ...rule, limit: 0.6 }, served).passed, false);
  });

  it("has nothing to judge where no experiment left a model", () => {
    const verdict = judge(undefined, { ...HIGH, limit: 1 }, other({ f1: 1 }));
    assert.deepEqual(verdict, {
      passed: false,
      metric: "f1",
      reason: "No experiment has a model to hand on.",
    });
  });
});
