import { strict as assert } from "node:assert";
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { rules } from "../../../policies/rules";
import { dynamicType } from "../../../policies/training/adapter";
import { examine, examineStack, remediate } from "../support/examine";
import { assertNotApplicable } from "../support/expect";
import { kindOf } from "../support/jobs";
import { ways } from "../support/ways";

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

  it("are what keeps a rule that became tighter from a job that has ended, which it judges like any other", () => {
    const ended = kindOf(dynamicType).job({ status: "Completed", "cost.actual": 1 });
    const tighter = { allowedInstanceTypes: ["ml.g6.*"] };
    const types = named("allowed-instance-types") as ResourceValidationPolicy;
    assert.equal(examine(types, ended, { ...config, ...tighter }).violations.length, 1);
    assertNotApplicable(examine(types, ended, { ...config, ...tighter }, exempt), "the stack has the tag");
  });

  it("hold for every rule, whatever it looks at", () => {
    const everything = [endless, ...ways.map(({ job }) => job())];
    for (const rule of rules) {
      for (const resource of everything) {
        const verdict =
          "validateStack" in rule
            ? examineStack(rule, [resource], {}, config, exempt)
            : examine(rule, resource, config, exempt);
        assertNotApplicable(verdict, "the stack has the tag");
      }
    }
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
