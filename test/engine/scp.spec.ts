import { strict as assert } from "node:assert";
import dev from "../../policies/examples/policy-config.dev.json";
import prod from "../../policies/examples/policy-config.prod.json";
import { iamDocument } from "../../policies/iam/document";
import { type Denial, expressions } from "../../policies/iam/expressions";
import type { PackConfig } from "../../policies/lib/settings";
import { rules } from "../../policies/rules";
import { evaluate, findFaults, type IamRequest, type PolicyDocument } from "./support/iam/iam";

const configurations: Record<string, PackConfig> = {
  "the defaults": {},
  "every rule": { all: "mandatory" },
  "the development example": dev as unknown as PackConfig,
  "the production example": prod as unknown as PackConfig,
};

const admin = "arn:aws:iam::*:role/platform-admin";

const policyOf = (config: PackConfig, exempt: string[] = []): PolicyDocument =>
  iamDocument(rules, config, exempt).policy;

/** The denials of one rule with some settings. */
const denialsOf = (rule: string, config: object): PolicyDocument => ({
  Version: "2012-10-17",
  Statement: expressions[rule]?.denials?.(config as Record<string, unknown>) as Denial[],
});

/** Characters that a service control policy may have, without white space. */
const maxCharacters = 5_120;

describe("the policy that IAM enforces", function () {
  this.timeout(300_000);

  describe("validates against the grammar of IAM", () => {
    for (const [name, config] of Object.entries(configurations)) {
      it(`${name}, within the size of a service control policy`, async () => {
        for (const exempt of [[], [admin]]) {
          const policy = policyOf(config, exempt);
          assert.deepEqual(await findFaults(policy), []);
          assert.ok(JSON.stringify(policy).length <= maxCharacters);
        }
      });
    }

    it("limits that the examples leave open", async () => {
      for (const policy of [
        denialsOf("allowed-regions", { allowedRegions: ["eu-*"] }),
        denialsOf("running-machines-limit", { allowedRunningTypes: ["ml.t3.*"], requireServerless: true }),
        policyOf({
          "required-tags": { enforcementLevel: "mandatory", requiredTags: ["cost-center", "cost_center"] },
        }),
      ]) {
        assert.deepEqual(await findFaults(policy), []);
      }
    });

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
    const key = "arn:aws:kms:us-east-1:123456789012:key/abc";
    const processing = "sagemaker:CreateProcessingJob";
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
      ["a run without a limit", job({ "sagemaker:MaxRuntimeInSeconds": undefined }), "DenyLongRuns"],
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
        "DenyArtifactsWithoutKey",
      ],
      [
        "artifacts of processing without a key",
        job({ [types]: ["ml.m5.large"], [output]: undefined }, processing),
        "DenyArtifactsWithoutKey",
      ],
      [
        "processing on a small machine",
        job({ [types]: ["ml.m5.large"], [volume]: key }, processing),
        "Allow",
      ],
      [
        "processing on another type",
        job({ [types]: ["ml.p3.2xlarge"], [volume]: key }, processing),
        "DenyOtherProcessingTypes",
      ],
      [
        "processing above the run limit",
        job(
          { [types]: ["ml.m5.large"], [volume]: key, "sagemaker:MaxRuntimeInSeconds": "43201" },
          processing,
        ),
        "DenyLongRuns",
      ],
      [
        "a transform on another type",
        {
          action: "sagemaker:CreateTransformJob",
          context: { [types]: ["ml.p3.2xlarge"], [output]: key, [volume]: key },
        },
        "DenyOtherProcessingTypes",
      ],
      ["a shell in the container", job({ "sagemaker:EnableRemoteDebug": "true" }), "DenyRemoteDebug"],
      [
        "a shell that is opened later",
        { action: "sagemaker:UpdateTrainingJob", context: { "sagemaker:EnableRemoteDebug": "true" } },
        "DenyRemoteDebug",
      ],
      ["a job that says it has no shell", job({ "sagemaker:EnableRemoteDebug": "false" }), "Allow"],
      ["a missing tag", job({ "aws:RequestTag/owner": undefined }), "DenyWithoutTag1"],
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

    it("regions and machines that keep running, where their types are limited", async () => {
      const decide = async (policy: PolicyDocument, requests: IamRequest[]) =>
        (await evaluate([allow, policy], requests)).map(({ decision, statement }) =>
          decision === "Deny" ? statement : decision,
        );
      assert.deepEqual(
        [
          await decide(denialsOf("allowed-regions", { allowedRegions: ["eu-*"] }), [job({})]),
          await decide(denialsOf("allowed-regions", { allowedRegions: ["us-*"] }), [job({})]),
        ],
        [["DenyOtherRegions"], ["Allow"]],
      );
      const running = denialsOf("running-machines-limit", {
        allowedRunningTypes: ["ml.t3.*", "system"],
        requireServerless: true,
      });
      const on = (call: string, type?: string): IamRequest => ({
        action: `sagemaker:${call}`,
        context: type === undefined ? {} : { [types]: [type] },
      });
      assert.deepEqual(
        await decide(running, [
          on("CreateEndpointConfig", "ml.p3.2xlarge"),
          on("CreateEndpointConfig", "ml.t3.medium"),
          on("CreateEndpointConfig"),
          on("CreateNotebookInstance", "ml.p3.2xlarge"),
          on("UpdateNotebookInstance", "ml.t3.medium"),
          on("CreateApp", "ml.p3.2xlarge"),
          on("CreateApp", "system"),
        ]),
        [
          "DenyOtherRunningTypes",
          "DenyEndpointsOnInstances",
          "Allow",
          "DenyOtherRunningTypes",
          "Allow",
          "DenyOtherRunningTypes",
          "Allow",
        ],
      );
    });

    it("leaves alone whom the platform exempts, and nobody else", async () => {
      const refused = [job({ [types]: ["ml.p3.2xlarge"] })];
      const decide = async (exempt: string) =>
        (await evaluate([allow, policyOf({}, [exempt])], refused)).map(({ decision }) => decision);
      assert.deepEqual(await decide("arn:aws:iam::*:user/researcher"), ["Allow"]);
      assert.deepEqual(await decide("arn:aws:iam::*:user/other"), ["Deny"]);
    });

    it("a volume key is asked for where the instance type can have one", async () => {
      const config: PackConfig = {
        "kms-keys-required": {
          enforcementLevel: "mandatory",
          allowedKeys: ["arn:aws:kms:*:123456789012:key/*"],
        },
        "allowed-instance-types": "disabled",
      };
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
        ["Allow", "DenyVolumesWithoutKey", "DenyVolumesWithOtherKeys", "Allow"],
      );
    });
  });
});
