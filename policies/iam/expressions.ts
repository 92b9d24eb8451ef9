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
const processing = "sagemaker:CreateProcessingJob";
const transform = "sagemaker:CreateTransformJob";
/** What IAM sees the run time, the network and the tags of as it sees those of training. */
const jobActions = [...trainingActions, processing];
/** Processing on machines of its own, monitoring included. */
const processingActions = [
  processing,
  transform,
  "sagemaker:CreateMonitoringSchedule",
  "sagemaker:Create*JobDefinition",
];
/** What stores results and data on volumes. */
const storingActions = [...jobActions, transform];
/** What costs until somebody takes it down. */
const runningActions = [
  "sagemaker:CreateEndpointConfig",
  "sagemaker:CreateNotebookInstance",
  "sagemaker:UpdateNotebookInstance",
  "sagemaker:CreateApp",
];
const updatableActions = ["sagemaker:CreateTrainingJob", "sagemaker:UpdateTrainingJob"];

/** Condition keys as in the Service Authorization Reference for Amazon SageMaker. */
const instanceTypes = "sagemaker:InstanceTypes";
const maxRun = "sagemaker:MaxRuntimeInSeconds";
const outputKey = "sagemaker:OutputKmsKey";
const volumeKey = "sagemaker:VolumeKmsKey";
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
    denials: ({ allowedInstanceTypes, allowedRuleInstanceTypes }: Record<string, string[]>) => [
      deny("OtherInstanceTypes", trainingActions, {
        "ForAnyValue:StringNotLike": { [instanceTypes]: patterns(allowedInstanceTypes) },
      }),
      deny("UnnamedInstanceTypes", trainingActions, { Null: { [instanceTypes]: "true" } }),
      deny("OtherProcessingTypes", processingActions, {
        "ForAnyValue:StringNotLike": {
          [instanceTypes]: patterns([...allowedInstanceTypes, ...allowedRuleInstanceTypes]),
        },
      }),
    ],
    remains:
      "the instances of debugger and profiler rules, and CreateCluster, CreateAutoMLJob, CreateAutoMLJobV2 and CreateAlgorithm, which have no condition key for them; deny those actions where nobody needs them",
  },
  "max-run-limit": {
    denials: ({ maxRunSeconds }: { maxRunSeconds: number }) => [
      deny("LongRuns", jobActions, {
        // A job that sets no limit gets SageMaker's own: IfExists denies it too.
        [maxRunSeconds < serviceMaxRunSeconds ? "NumericGreaterThanIfExists" : "NumericGreaterThan"]: {
          [maxRun]: String(maxRunSeconds),
        },
      }),
    ],
    remains: "transform jobs: there is no condition key for their run time",
  },
  "warm-pool-limit": {
    denials: ({ maxKeepAliveSeconds }: { maxKeepAliveSeconds: number }) => [
      deny("LongWarmPools", updatableActions, {
        NumericGreaterThan: { "sagemaker:KeepAlivePeriod": String(maxKeepAliveSeconds) },
      }),
    ],
    remains:
      "a warm pool together with spot: there is no condition key for spot (SageMaker itself refuses it)",
  },
  "network-isolation-or-vpc": {
    denials: ({ accepted }: { accepted: string[] }) => [
      deny("OpenNetwork", jobActions, {
        ...(accepted.includes("isolation") && { BoolIfExists: { "sagemaker:NetworkIsolation": "false" } }),
        ...(accepted.includes("vpc") && { Null: { "sagemaker:VpcSubnets": "true" } }),
      }),
    ],
  },
  "kms-keys-required": {
    denials: ({ allowedKeys }: { allowedKeys: string[] }) => {
      // "*", the default, says no more than that there is a key.
      const any = allowedKeys.includes("*");
      return [
        any
          ? deny("ArtifactsWithoutKey", storingActions, { Null: { [outputKey]: "true" } })
          : // A key that is not there is none of those allowed, to IAM as well.
            deny("ArtifactsWithoutKey", storingActions, {
              ArnNotLike: { [outputKey]: patterns(allowedKeys) },
            }),
        deny("VolumesWithoutKey", storingActions, {
          Null: { [volumeKey]: "true", [instanceTypes]: "false" },
          "ForAllValues:StringNotLike": { [instanceTypes]: localStorageTypes },
        }),
        ...(any
          ? []
          : [
              deny("VolumesWithOtherKeys", storingActions, {
                // Local disks have no key, and need none.
                Null: { [volumeKey]: "false" },
                ArnNotLike: { [volumeKey]: patterns(allowedKeys) },
              }),
            ]),
      ];
    },
    remains: "keys that a job names by their id or alias, which IAM sees as an ARN",
  },
  "required-tags": {
    denials: ({ requiredTags }: { requiredTags: string[] }) =>
      // Numbered: a Sid takes letters and digits only, and two keys may differ by nothing else.
      requiredTags.map((tag, index) =>
        deny(`WithoutTag${index + 1}`, jobActions, {
          Null: { [`aws:RequestTag/${tag}`]: "true" },
        }),
      ),
  },
  "allowed-regions": {
    denials: ({ allowedRegions }: { allowedRegions: string[] }) =>
      allowedRegions.includes("*")
        ? []
        : [
            deny("OtherRegions", storingActions, {
              StringNotLike: { "aws:RequestedRegion": patterns(allowedRegions) },
            }),
          ],
  },
  "no-remote-debug": {
    denials: () => [
      deny("RemoteDebug", updatableActions, { Bool: { "sagemaker:EnableRemoteDebug": "true" } }),
    ],
  },
  "running-machines-limit": {
    denials: ({
      allowedRunningTypes,
      requireServerless,
    }: {
      allowedRunningTypes: string[];
      requireServerless: boolean;
    }) => [
      deny("OtherRunningTypes", runningActions, {
        "ForAnyValue:StringNotLike": { [instanceTypes]: patterns(allowedRunningTypes) },
      }),
      ...(requireServerless
        ? [
            deny("EndpointsOnInstances", ["sagemaker:CreateEndpointConfig"], {
              Null: { [instanceTypes]: "false" },
            }),
          ]
        : []),
    ],
    remains: "counts, and clusters: there is no condition key for them",
  },
  "endpoint-cost-limit": { remains: "IAM does not know prices; AWS Budgets can act once money is spent" },
  "serverless-endpoint-limit": {
    remains: "there is no condition key for the memory and the concurrency; a service quota can bound both",
  },
  "no-other-way-to-train": {
    remains: "IAM sees each call by itself, whoever makes it, and needs no such rule",
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

/** To IAM `?` stands for any character and `${...}` for a variable; to the rules `*` alone stands for something else. */
function patterns(texts: readonly string[]): string[] {
  return texts.map((text) => text.replace(/[$?]/g, (character) => `\${${character}}`));
}
