// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are of IAM, not of JavaScript.
import { strict as assert } from "node:assert";
import dev from "../../policies/examples/policy-config.dev.json";
import prod from "../../policies/examples/policy-config.prod.json";
import { iamDocument } from "../../policies/iam/document";
import { expressions } from "../../policies/iam/expressions";
import type { PackConfig } from "../../policies/lib/settings";
import { rules } from "../../policies/rules";

const examples = { dev, prod } as unknown as Record<string, PackConfig>;

/** The conditions of the denials that a configuration makes, by the denial's name. */
function conditions(config: PackConfig): Record<string, object> {
  const { policy } = iamDocument(rules, { all: "disabled", ...config });
  return Object.fromEntries(policy.Statement.map(({ Sid, Condition }) => [Sid, Condition]));
}

describe("what IAM can enforce of the policies", () => {
  // To the rules only `*` stands for something else; to IAM `?` and `${...}` do too.
  it("reads patterns as the rules read them", () => {
    const { policy } = iamDocument(rules, {
      all: "mandatory",
      "allowed-instance-types": {
        allowedInstanceTypes: ["ml.g?.*", "ml.$x"],
        allowedRuleInstanceTypes: ["ml.t?"],
      },
      "allowed-regions": { allowedRegions: ["eu-*", "us-?"] },
      "running-machines-limit": { allowedRunningTypes: ["ml.m?"] },
      "kms-keys-required": { allowedKeys: ["arn:aws:kms:*:1:key/a?"] },
    });
    const text = JSON.stringify(policy);
    for (const pattern of [
      "ml.g${?}.*",
      "ml.${$}x",
      "ml.t${?}",
      "eu-*",
      "us-${?}",
      "ml.m${?}",
      "key/a${?}",
    ]) {
      assert.ok(text.includes(pattern), pattern);
    }
    assert.doesNotMatch(text, /[^{]\?/);
  });

  it("says of every rule how far it goes", () => {
    assert.deepEqual(Object.keys(expressions).sort(), rules.map(({ name }) => name).sort());
    for (const [name, { denials, remains }] of Object.entries(expressions)) {
      assert.ok(denials !== undefined || remains !== undefined, name);
    }
  });

  it("only denies, each denial with a name of its own and a condition", () => {
    const { policy } = iamDocument(rules, { all: "mandatory" });
    assert.equal(policy.Version, "2012-10-17");
    assert.equal(new Set(policy.Statement.map(({ Sid }) => Sid)).size, policy.Statement.length);
    for (const { Sid, Effect, Action, Condition } of policy.Statement) {
      assert.equal(Effect, "Deny");
      assert.match(Sid, /^Deny[A-Za-z0-9]+$/);
      assert.ok(Action.length > 0 && Object.keys(Condition).length > 0);
    }
  });

  it("writes the limits of the configuration", () => {
    assert.deepEqual(
      conditions({ "max-run-limit": { enforcementLevel: "mandatory", maxRunSeconds: 86_400 } }),
      {
        DenyLongRuns: { NumericGreaterThan: { "sagemaker:MaxRuntimeInSeconds": "86400" } },
      },
    );
    assert.deepEqual(
      conditions({
        "allowed-instance-types": {
          enforcementLevel: "remediate",
          allowedInstanceTypes: ["ml.g6.*"],
          allowedRuleInstanceTypes: ["ml.t3.*"],
        },
        "warm-pool-limit": { enforcementLevel: "mandatory", maxKeepAliveSeconds: 0 },
        "required-tags": { enforcementLevel: "mandatory", requiredTags: ["cost-center"] },
      }),
      {
        DenyOtherInstanceTypes: { "ForAnyValue:StringNotLike": { "sagemaker:InstanceTypes": ["ml.g6.*"] } },
        DenyUnnamedInstanceTypes: { Null: { "sagemaker:InstanceTypes": "true" } },
        DenyLongWarmPools: { NumericGreaterThan: { "sagemaker:KeepAlivePeriod": "0" } },
        DenyOtherProcessingTypes: {
          "ForAnyValue:StringNotLike": { "sagemaker:InstanceTypes": ["ml.g6.*", "ml.t3.*"] },
        },
        DenyWithoutTag1: { Null: { "aws:RequestTag/cost-center": "true" } },
      },
    );
  });

  it("denies jobs without a limit where SageMaker's own would be too long", () => {
    const of = (maxRunSeconds: number) =>
      conditions({ "max-run-limit": { enforcementLevel: "mandatory", maxRunSeconds } }).DenyLongRuns;
    const key = "sagemaker:MaxRuntimeInSeconds";
    assert.deepEqual(of(86_399), { NumericGreaterThanIfExists: { [key]: "86399" } });
    assert.deepEqual(of(86_400), { NumericGreaterThan: { [key]: "86400" } });
  });

  it("numbers the denials of tags, which may differ by signs that a Sid does not take", () => {
    const requiredTags = ["cost-center", "cost_center", "組織"];
    const made = conditions({ "required-tags": { enforcementLevel: "mandatory", requiredTags } });
    assert.deepEqual(made, {
      DenyWithoutTag1: { Null: { "aws:RequestTag/cost-center": "true" } },
      DenyWithoutTag2: { Null: { "aws:RequestTag/cost_center": "true" } },
      DenyWithoutTag3: { Null: { "aws:RequestTag/組織": "true" } },
    });
  });

  it("refuses a configuration that would make a policy of nothing, or of everything", () => {
    for (const config of [
      { all: "Mandatory" },
      { "network-isolation-or-vpc": { enforcementLevel: "mandatory", accepted: ["VPC"] } },
      { "network-isolation-or-vpc": { enforcementLevel: "mandatory", accepted: [] } },
      { "max-run-limit": { maxRunSeconds: "12h" } },
      { "max-run-limit": { maxRunSecond: 10 } },
      { "required-tags": { enforcementLevel: "mandatory", requiredTags: "owner" } },
    ]) {
      assert.throws(() => iamDocument(rules, config), /the configuration of the policy pack is wrong/);
    }
    assert.deepEqual(iamDocument(rules, { environments: ["acme/prod"] }), iamDocument(rules, {}));
  });

  it("leaves alone whom the platform exempts for emergencies, in every denial, beside its own condition", () => {
    const admin = "arn:aws:iam::*:role/platform-admin";
    const plain = iamDocument(rules, examples.prod).policy.Statement;
    for (const [index, { Sid, Condition }] of iamDocument(rules, examples.prod, [
      admin,
    ]).policy.Statement.entries()) {
      const { "aws:PrincipalArn": exempt, ...arns } = Condition.ArnNotLike ?? {};
      const own = Object.keys(arns).length === 0 ? {} : { ArnNotLike: arns };
      const { ArnNotLike: _, ...rest } = Condition;
      assert.deepEqual([exempt, { ...rest, ...own }], [[admin], plain[index]?.Condition], Sid);
    }
    for (const everybody of ["*", "arn:aws:iam::*:role/*", "arn:aws:sts::*:assumed-role/admin/me"]) {
      assert.throws(() => iamDocument(rules, {}, [everybody]), /arn:aws:iam::\*:role|exempt everybody/);
    }
  });

  it("limits the region of what trains, where the configuration does", () => {
    const of = (allowedRegions: string[]) => expressions["allowed-regions"]?.denials?.({ allowedRegions });
    assert.deepEqual(of(["*"]), []);
    const [denial] = of(["eu-*"]) ?? [];
    assert.deepEqual(denial?.Condition, { StringNotLike: { "aws:RequestedRegion": ["eu-*"] } });
    assert.ok(denial?.Action.includes("sagemaker:CreateTransformJob"));
  });

  it("accepts isolation or a VPC, or one of them", () => {
    const of = (accepted: string[]) =>
      conditions({ "network-isolation-or-vpc": { enforcementLevel: "mandatory", accepted } }).DenyOpenNetwork;
    const isolation = { BoolIfExists: { "sagemaker:NetworkIsolation": "false" } };
    const vpc = { Null: { "sagemaker:VpcSubnets": "true" } };
    assert.deepEqual(of(["isolation", "vpc"]), { ...isolation, ...vpc });
    assert.deepEqual(of(["isolation"]), isolation);
    assert.deepEqual(of(["vpc"]), vpc);
  });

  it("leaves out what is not enforced, and says so", () => {
    const { policy, comment } = iamDocument(rules, {
      "max-run-limit": "advisory",
      "allowed-instance-types": "disabled",
      "running-machines-limit": "advisory",
    });
    assert.deepEqual(policy.Statement, []);
    assert.ok(comment.includes("max-run-limit: left out, as it is advisory in this configuration"));
    assert.ok(comment.includes("allowed-instance-types: left out, as it is disabled in this configuration"));
  });

  it("says what IAM cannot do: spot, max wait, cost", () => {
    const { comment } = iamDocument(rules, { all: "mandatory" });
    for (const rule of ["managed-spot-required", "max-wait-limit", "worst-case-cost-limit"]) {
      assert.ok(
        comment.some((line) => line.startsWith(`${rule}: IAM cannot express it: `)),
        rule,
      );
    }
  });

  it("warns of a policy that is too long for an SCP", () => {
    const tags = Array.from({ length: 40 }, (_, index) => `tag-number-${index}`);
    const { comment } = iamDocument(rules, {
      "required-tags": { enforcementLevel: "mandatory", requiredTags: tags },
    });
    assert.match(
      comment.at(-1) ?? "",
      /the policy has \d+ characters, a service control policy at most 5120: split it/,
    );
  });
});

describe("the example configurations", () => {
  for (const [name, example] of Object.entries(examples)) {
    it(`${name}: fits in an SCP`, () => {
      assert.ok(!iamDocument(rules, example).comment.some((line) => line.includes("split it")));
    });
  }
});
