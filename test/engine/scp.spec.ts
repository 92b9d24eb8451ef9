import { strict as assert } from "node:assert";
import dev from "../../policies/examples/policy-config.dev.json";
import prod from "../../policies/examples/policy-config.prod.json";
import { iamDocument } from "../../policies/iam/document";
import type { PackConfig } from "../../policies/lib/settings";
import { rules } from "../../policies/rules";
import { evaluate, findFaults, type IamRequest, type PolicyDocument } from "./support/iam/iam";

const configurations: Record<string, PackConfig> = {
  "the defaults": {},
  "every rule": { all: "mandatory" },
  "the development example": dev as unknown as PackConfig,
  "the production example": prod as unknown as PackConfig,
};

const policyOf = (config: PackConfig): PolicyDocument => iamDocument(rules, config).policy;

describe("the policy that IAM enforces", function () {
  this.timeout(300_000);

  describe("validates against the grammar of IAM", () => {
    for (const [name, config] of Object.entries(configurations)) {
      it(name, async () => {
        assert.deepEqual(await findFaults(policyOf(config)), []);
      });
    }

    it("and the validator finds a condition key that SageMaker does not have", async () => {
      const text = JSON.stringify(policyOf({})).replaceAll("MaxRuntimeInSeconds", "MaxRun");
      const faults = await findFaults(JSON.parse(text));
      assert.match(faults.join("\n"), /UNKNOWN_CONDITION_FOR_ACTION .*sagemaker:MaxRun/);
    });
  });

  describe("is evaluated as the rules mean it", () => {
    const allow: PolicyDocument = {
      Version: "2012-10-17",
      Statement: [{ Sid: "AllowTraining", Effect: "Allow", Action: ["sagemaker:*"], Resource: "*" }],
    };
    const create = "sagemaker:CreateTrainingJob";

    /** What IAM sees of a job that keeps the production rules. */
    const careful: IamRequest["context"] = {
      "sagemaker:InstanceTypes": ["ml.g5.xlarge"],
      "sagemaker:MaxRuntimeInSeconds": "43200",
      "sagemaker:NetworkIsolation": "true",
      "sagemaker:OutputKmsKey": "arn:aws:kms:us-east-1:123456789012:key/abc",
      "aws:RequestTag/owner": "imaging",
      "aws:RequestTag/cost-center": "4711",
    };

    /** The careful job with condition keys changed, or left out where the value is undefined. */
    const job = (changes: Record<string, string | string[] | undefined>, action = create): IamRequest => {
      const context = Object.entries({ ...careful, ...changes }).filter(([, value]) => value !== undefined);
      return { action, context: Object.fromEntries(context) as IamRequest["context"] };
    };

    const isolated = "sagemaker:NetworkIsolation";
    const types = "sagemaker:InstanceTypes";
    const output = "sagemaker:OutputKmsKey";
    const volume = "sagemaker:VolumeKmsKey";
    const cases: [string, IamRequest, string][] = [
      ["a careful job", job({}), "Allow"],
      ["a careful tuning job", job({}, "sagemaker:CreateHyperParameterTuningJob"), "Allow"],
      [
        "a job in a VPC in place of isolation",
        job({ [isolated]: "false", "sagemaker:VpcSubnets": ["subnet-1"] }),
        "Allow",
      ],
      ["other calls", { action: "sagemaker:DescribeTrainingJob", context: {} }, "Allow"],
      ["another instance type", job({ [types]: ["ml.p3.2xlarge"] }), "DenyOtherInstanceTypes"],
      [
        "another type beside an allowed one",
        job({ [types]: ["ml.g5.xlarge", "ml.p3.2xlarge"] }),
        "DenyOtherInstanceTypes",
      ],
      [
        "another type in a tuning job",
        job({ [types]: ["ml.p3.2xlarge"] }, "sagemaker:CreateHyperParameterTuningJob"),
        "DenyOtherInstanceTypes",
      ],
      ["no instance type", job({ [types]: undefined }), "DenyUnnamedInstanceTypes"],
      ["a run above the limit", job({ "sagemaker:MaxRuntimeInSeconds": "43201" }), "DenyLongRuns"],
      ["a run without a limit", job({ "sagemaker:MaxRuntimeInSeconds": undefined }), "DenyRunsWithoutLimit"],
      ["a warm pool", job({ "sagemaker:KeepAlivePeriod": "1" }), "DenyLongWarmPools"],
      [
        "a warm pool made longer later",
        { action: "sagemaker:UpdateTrainingJob", context: { "sagemaker:KeepAlivePeriod": "60" } },
        "DenyLongWarmPools",
      ],
      ["an open network", job({ [isolated]: "false" }), "DenyOpenNetwork"],
      ["a network not mentioned", job({ [isolated]: undefined }), "DenyOpenNetwork"],
      ["artifacts without a key", job({ [output]: undefined }), "DenyArtifactsWithoutKey"],
      [
        "artifacts with the key of another account",
        job({ [output]: "arn:aws:kms:us-east-1:999999999999:key/abc" }),
        "DenyOutputWithOtherKeys",
      ],
      ["a missing tag", job({ "aws:RequestTag/owner": undefined }), "DenyWithoutTagowner"],
    ];

    it("job by job, with the production example", async () => {
      const decisions = await evaluate(
        [allow, policyOf(configurations["the production example"])],
        cases.map(([, request]) => request),
      );
      for (const [index, [what, , expected]] of cases.entries()) {
        const { decision, statement } = decisions[index];
        assert.equal(decision === "Deny" ? statement : decision, expected, what);
      }
    });

    it("a volume key is asked for where the instance type can have one", async () => {
      const config: PackConfig = {
        "kms-keys-required": {
          enforcementLevel: "mandatory",
          allowedKeys: ["arn:aws:kms:*:123456789012:key/*"],
        },
        "allowed-instance-types": "disabled",
      };
      const key = "arn:aws:kms:us-east-1:123456789012:key/abc";
      const decisions = await evaluate(
        [allow, policyOf(config)],
        [
          job({ [types]: ["ml.m5.xlarge"], [volume]: key }),
          job({ [types]: ["ml.m5.xlarge"] }),
          job({ [types]: ["ml.m5.xlarge"], [volume]: "arn:aws:kms:us-east-1:999999999999:key/abc" }),
          job({ [types]: ["ml.r5d.xlarge"] }),
        ],
      );
      assert.deepEqual(
        decisions.map(({ decision, statement }) => (decision === "Deny" ? statement : decision)),
        ["Allow", "DenyVolumesWithoutKey", "DenyVolumeWithOtherKeys", "Allow"],
      );
    });
  });
});
