import { strict as assert } from "node:assert";
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { rules } from "../../../policies/rules";
import { dynamicType } from "../../../policies/training/adapter";
import { examine, examineStack, remediate } from "../support/examine";
import { assertNotApplicable } from "../support/expect";
import { kindOf } from "../support/jobs";

const named = (name: string) => rules.find((rule) => rule.name === name);
const maxRun = named("max-run-limit") as ResourceValidationPolicy;
const output = named("model-artifact-output") as StackValidationPolicy;
const endless = kindOf(dynamicType).job({ "stoppingCondition.maxRuntimeInSeconds": 90_000 });
const config = { exemptStackTags: ["criticality=release*", "team=core"] };
const exempt = { criticality: "release-2" };

describe("exemptions by stack tags", () => {
  it("are a setting of every rule", () => {
    for (const { name, configSchema } of rules) {
      assert.ok(configSchema?.properties?.exemptStackTags, name);
    }
  });

  it("leave a stack with such a tag alone, and no other", () => {
    assertNotApplicable(
      examine(maxRun, endless, config, exempt),
      "the stack has the tag criticality=release-2",
    );
    const others: Record<string, string>[] = [{}, { criticality: "test" }, { owner: "criticality=release" }];
    for (const tags of others) {
      assert.equal(examine(maxRun, endless, config, tags).violations.length, 1);
    }
    assert.equal(examine(maxRun, endless, {}, exempt).violations.length, 1);
  });

  it("are not for a tag that the program sets on the job", () => {
    const tagged = { ...endless, props: { ...endless.props, tags: exempt } };
    assert.equal(examine(maxRun, tagged, config).violations.length, 1);
  });

  it("hold for rules on the stack and for remedies", () => {
    assertNotApplicable(examineStack(output, [endless], {}, config, exempt), "the stack has the tag");
    assert.equal(examineStack(output, [endless], {}, config).violations.length, 1);
    assert.ok(remediate(maxRun, endless, config));
    assert.throws(() => remediate(maxRun, endless, config, { stackTags: exempt }), /the stack has the tag/);
  });
});
