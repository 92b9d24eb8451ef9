import { localStorageFamilies } from "../lib/localStorage";

/** A statement of an IAM policy; this pack only writes denials. */
export interface Denial {
  Sid: string;
  Effect: "Deny";
  Action: string[];
  Resource: "*";
  Condition: Record<string, Record<string, string | string[]>>;
}

/** How far IAM can say what a rule says. */
export interface Expression {
  /** The denials that stand for the rule. */
  denials?(config: Record<string, unknown>): Denial[];
  /** What remains for the policy pack alone, and why. */
  remains?: string;
}

const trainingActions = ["sagemaker:CreateTrainingJob", "sagemaker:CreateHyperParameterTuningJob"];
const warmPoolActions = ["sagemaker:CreateTrainingJob", "sagemaker:UpdateTrainingJob"];

/** Condition keys as in the Service Authorization Reference for Amazon SageMaker. */
const instanceTypes = "sagemaker:InstanceTypes";
const maxRun = "sagemaker:MaxRuntimeInSeconds";
const serviceMaxRunSeconds = 86_400;

/** Volume keys are refused for these types; `*d` are the general families with disks, such as r5d. */
const localStorageTypes = [
  ...localStorageFamilies.map((family) => `ml.${family}.*`),
  "ml.p6*",
  "ml.c*d.*",
  "ml.m*d.*",
  "ml.r*d.*",
];

/** Every rule of the pack, in IAM's words as far as they go. */
export const expressions: Readonly<Record<string, Expression>> = {
  "allowed-instance-types": {
    denials: ({ allowedInstanceTypes }: { allowedInstanceTypes: string[] }) => [
      deny("OtherInstanceTypes", trainingActions, {
        "ForAnyValue:StringNotLike": { [instanceTypes]: allowedInstanceTypes },
      }),
      deny("UnnamedInstanceTypes", trainingActions, { Null: { [instanceTypes]: "true" } }),
    ],
    remains: "the instances of debugger and profiler rules: there is no condition key for them",
  },
  "max-run-limit": {
    denials: ({ maxRunSeconds }: { maxRunSeconds: number }) => [
      deny("LongRuns", trainingActions, { NumericGreaterThan: { [maxRun]: String(maxRunSeconds) } }),
      // A job that sets no limit gets SageMaker's own.
      ...(maxRunSeconds < serviceMaxRunSeconds
        ? [deny("RunsWithoutLimit", trainingActions, { Null: { [maxRun]: "true" } })]
        : []),
    ],
  },
  "warm-pool-limit": {
    denials: ({ maxKeepAliveSeconds }: { maxKeepAliveSeconds: number }) => [
      deny("LongWarmPools", warmPoolActions, {
        NumericGreaterThan: { "sagemaker:KeepAlivePeriod": String(maxKeepAliveSeconds) },
      }),
    ],
    remains:
      "a warm pool together with spot: there is no condition key for spot (SageMaker itself refuses it)",
  },
  "network-isolation-or-vpc": {
    denials: ({ accepted }: { accepted: string[] }) => [
      deny("OpenNetwork", trainingActions, {
        ...(accepted.includes("isolation") && { BoolIfExists: { "sagemaker:NetworkIsolation": "false" } }),
        ...(accepted.includes("vpc") && { Null: { "sagemaker:VpcSubnets": "true" } }),
      }),
    ],
  },
  "kms-keys-required": {
    denials: ({ allowedKeys }: { allowedKeys: string[] }) => [
      deny("ArtifactsWithoutKey", trainingActions, { Null: { "sagemaker:OutputKmsKey": "true" } }),
      deny("VolumesWithoutKey", trainingActions, {
        Null: { "sagemaker:VolumeKmsKey": "true", [instanceTypes]: "false" },
        "ForAllValues:StringNotLike": { [instanceTypes]: localStorageTypes },
      }),
      ...["Output", "Volume"]
        // "*", the default, says no more than that there is a key.
        .filter(() => !allowedKeys.includes("*"))
        .map((what) =>
          deny(`${what}WithOtherKeys`, trainingActions, {
            // ArnNotLike alone would also hit a job without a key.
            Null: { [`sagemaker:${what}KmsKey`]: "false" },
            ArnNotLike: { [`sagemaker:${what}KmsKey`]: allowedKeys },
          }),
        ),
    ],
    remains: "keys that a job names by their id or alias, which IAM sees as an ARN",
  },
  "required-tags": {
    denials: ({ requiredTags }: { requiredTags: string[] }) =>
      requiredTags.map((tag) =>
        deny(`WithoutTag${tag.replace(/[^A-Za-z0-9]/g, "")}`, trainingActions, {
          Null: { [`aws:RequestTag/${tag}`]: "true" },
        }),
      ),
  },
  "allowed-regions": {
    // "*", the default, allows every region.
    denials: ({ allowedRegions }: { allowedRegions: string[] }) =>
      allowedRegions.includes("*")
        ? []
        : [
            deny("OtherRegions", trainingActions, {
              StringNotLike: { "aws:RequestedRegion": allowedRegions },
            }),
          ],
  },
  "managed-spot-required": { remains: "there is no condition key for managed spot" },
  "max-wait-limit": { remains: "there is no condition key for the max wait" },
  "instance-count-limit": {
    remains: "there is no condition key for the instance count; a service quota can bound it",
  },
  "worst-case-cost-limit": { remains: "IAM does not know prices; AWS Budgets can act once money is spent" },
  "stack-instance-limit": { remains: "IAM does not know stacks; a service quota can bound the instances" },
  "stack-cost-limit": {
    remains: "IAM does not know stacks or prices; AWS Budgets can act once money is spent",
  },
  "checkpoint-with-spot": { remains: "there is no condition key for checkpoints or spot" },
  "model-artifact-output": { remains: "IAM does not know the outputs of a stack" },
  "training-completed": { remains: "IAM decides before a job runs" },
  "inter-container-encryption": {
    remains:
      "there is a condition key for the encryption, none for the instance count: a denial would hit every job on one instance",
  },
  "no-plaintext-credentials": { remains: "there is no condition key for hyperparameters or environment" },
  "least-privilege-role": {
    remains: "what a policy grants is no condition key; a permissions boundary can bound it",
  },
  "private-buckets": {
    remains: "S3 Block Public Access of the account and S3 bucket policies do this without an SCP",
  },
  "trusted-image": { remains: "there is no condition key for the training image" },
};

function deny(what: string, actions: string[], condition: Denial["Condition"]): Denial {
  return { Sid: `Deny${what}`, Effect: "Deny", Action: actions, Resource: "*", Condition: condition };
}
