import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { gateRuleOf } from "../../../components/gate/rule";
import { load, stack } from "../support/stackConfig";

const METRICS = { metrics: '{"loss": "a", "val_f1": "b"}' };
const load_ = (gate: string, others: Record<string, string> = {}) =>
  load(stack({ ...METRICS, gate, ...others }));
const rule = (gate: string, others: Record<string, string> = {}) => {
  const found = gateRuleOf(load_(gate, others));
  return found && JSON.parse(JSON.stringify(found));
};
const faults = (gate: string, others: Record<string, string> = {}): string => {
  try {
    load_(gate, others);
  } catch (error) {
    assert.ok(pulumi.RunError.isInstance(error), "shown without a stack trace");
    return error.message;
  }
  return assert.fail(`${gate} should have been refused`);
};

describe("training:gate", () => {
  it("is none unless it is set", () => {
    assert.equal(gateRuleOf(load(stack())), undefined);
    assert.equal(rule("{}"), undefined);
  });

  it("judges by the primary metric, and any other by name", () => {
    assert.deepEqual(rule('{"min": 0.9}'), { metric: "val_f1", goal: "maximize", limit: 0.9 });
    assert.equal(rule('{"max": 1}', { primaryMetric: "loss" })?.metric, "loss");
    assert.equal(rule('{"min": 0, "metric": "val_f1"}', { primaryMetric: "loss" })?.metric, "val_f1");
  });

  it("takes numbers as the command writes them", () => {
    for (const text of ["0.9", "9e-1", ".9", "+0.9"])
      assert.equal(rule(`{"min": "${text}"}`)?.limit, 0.9, text);
    assert.equal(rule('{"min": "-3"}')?.limit, -3);
    assert.equal(rule('{"min": 0}')?.limit, 0);
  });

  it("is better than a stack's in the direction of the limit, of the stack's goal, or of the metric's name", () => {
    const than = '"betterThan": "organization/training-deploy/local"';
    assert.deepEqual(rule(`{${than}, "by": "0.01"}`), {
      metric: "val_f1",
      goal: "maximize",
      betterThan: "organization/training-deploy/local",
      by: 0.01,
    });
    assert.equal(rule(`{${than}, "metric": "loss"}`)?.goal, "minimize");
    assert.equal(rule(`{${than}, "metric": "loss", "min": 3}`)?.goal, "maximize");
    assert.equal(rule(`{${than}}`, { primaryGoal: "minimize" })?.goal, "minimize");
    assert.equal(rule('{"betterThan": "local"}')?.betterThan, "local");
  });

  for (const [what, gate, others, says] of [
    [
      "without a limit",
      '{"metric": "loss"}',
      {},
      /training:gate: asks for nothing: set min, max or betterThan/,
    ],
    ["with two limits", '{"min": 1, "max": 2}', {}, /training:gate: has min and max/],
    ["with a limit that is no number", '{"min": "good"}', {}, /training:gate\.min: use a number/],
    ["with NaN", '{"min": "NaN"}', {}, /training:gate\.min: use a number/],
    ["with nothing as a number", '{"min": null}', {}, /training:gate\.min: use a number/],
    ["with true as a number", '{"max": true}', {}, /training:gate\.max: use a number/],
    ["with a number that is too large", '{"min": "1e999"}', {}, /training:gate\.min: use a number/],
    [
      "by less than nothing",
      '{"betterThan": "a/b/c", "by": -1}',
      {},
      /training:gate\.by: use a number that is not neg/,
    ],
    ["by something, of nothing", '{"min": 1, "by": 1}', {}, /by has no effect without betterThan/],
    [
      "for an unknown metric",
      '{"metric": "f2", "min": 1}',
      {},
      /metric f2 is not in training:metrics \(it has loss, val_f1\)/,
    ],
    ["without metrics", '{"min": 1}', { metrics: "{}" }, /training:gate: needs a metric .*training:metrics/],
    ["with a misspelt key", '{"minimum": 1}', {}, /training:gate: has no minimum: use metric, min or max/],
    ["that is no map", "0.9", {}, /training:gate: use a map such as \{min: 0\.9\}/],
    [
      "with no name of a stack",
      '{"betterThan": "a/b/c/d"}',
      {},
      /training:gate\.betterThan: use the name of a stack/,
    ],
    [
      "for the worse of the primary metric",
      '{"min": 1}',
      { primaryMetric: "loss" },
      /has min, and less of loss is better: set max, or training:primaryGoal maximize/,
    ],
    [
      "for the lower of what is better high",
      '{"max": 1}',
      {},
      /has max, and less of val_f1 is worse: set min, or training:primaryGoal minimize/,
    ],
    [
      "beside what deletes models",
      '{"min": 1}',
      { deletePolicy: "delete" },
      /training:gate: cannot stand beside training:deletePolicy delete/,
    ],
  ] as [string, string, Record<string, string>, RegExp][]) {
    it(`is refused ${what}`, () => assert.match(faults(gate, others), says));
  }

  it("is one for all experiments of a stack", () => {
    const message = faults("{}", { experiments: '{"a": {"gate": {"min": 1}}}' });
    assert.match(message, /training:experiments\.a\.gate: is one for all experiments/);
  });

  it("takes the stack's goal, which the table of runs goes by without a gate too", () => {
    assert.ok(load_('{"max": 1}', { primaryGoal: "minimize" }));
    assert.ok(load_("{}", { primaryGoal: "minimize" }));
  });

  it("is set with --path, as a key of its own would not be known", () => {
    assert.match(faults("{}", { "gate.min": "1" }), /one value of the map training:gate is set with --path/);
  });

  it("is no secret: both figures are told", () => {
    const gated = stack({ metrics: '{"f1":"f1=(.*)"}', gate: '{"min":0.9}' });
    assert.throws(() => load(gated, ["training:gate"]), /training:gate is a secret/);
  });
});
