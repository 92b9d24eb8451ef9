import { strict as assert } from "node:assert";
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { grouped } from "../../../policies/lib/grouped";
import { examine, examineStack } from "../support/examine";
import { unknown } from "../support/jobs";

const names = Array.from({ length: 25 }, (_, index) => `job${index}`);

/** A rule that has looked at 25 jobs. */
function looked(isAdvisory: boolean, careful: unknown) {
  const rule = grouped(
    {
      name: "careful",
      description: "Jobs are careful.",
      validateResource: ({ name, props }, report) => {
        if (props.careful === true) return;
        report(`${name} is careless.`);
        report(`${name} is very careless.`);
      },
    },
    () => isAdvisory,
  ) as ResourceValidationPolicy & StackValidationPolicy;
  const verdicts = names.map((name) => examine(rule, { type: "t", name, props: { careful } }));
  return { verdicts, summary: () => examineStack(rule, []) };
}

describe("the warnings of a rule", () => {
  it("are shown in full for the first 20 resources, then by name, and once", () => {
    const { verdicts, summary } = looked(true, false);
    assert.deepEqual(
      verdicts.map(({ violations }) => violations.length),
      names.map((_, index) => (index < 20 ? 2 : 0)),
    );
    assert.match(verdicts[19]?.violations[1] ?? "", /^job19 .* further resources follows together/);
    assert.doesNotMatch(verdicts[18]?.violations.join() ?? "", /further/);
    const rest = "job20, job21, job22, job23, job24";
    assert.deepEqual(summary().violations, [`the same holds for 5 more resources: ${rest}.`]);
    assert.deepEqual(summary().violations, []);
  });

  it("are shown where they are when the rule is enforced", () => {
    const { verdicts, summary } = looked(false, false);
    assert.ok(verdicts.every(({ violations }) => violations.length === 2));
    assert.deepEqual(summary().violations, []);
  });

  it("are grouped where values are not known yet, at every level, and never block", () => {
    const { verdicts, summary } = looked(false, unknown.flag);
    assert.equal(verdicts.filter(({ unseen }) => unseen !== undefined).length, 20);
    const { violations, unseen } = summary();
    assert.deepEqual(violations, []);
    assert.match(unseen ?? "", /^5 more resources have values that are not known yet: job20, /);
  });

  it("say nothing of a stack that keeps the rule", () => {
    assert.deepEqual(looked(true, true).summary(), { violations: [], unseen: undefined });
  });

  it("leave the rules on stacks as they are", () => {
    const rule: StackValidationPolicy = {
      name: "s",
      description: "S.",
      validateStack: (_, report) => report("x"),
    };
    assert.equal(
      grouped(rule, () => true),
      rule,
    );
  });
});
