import {
  BASE_MODEL,
  type Inputs,
  type InvalidCase,
  RULE,
  resources,
  SERVERLESS,
  s3Channel,
} from "./builders";

/** Mistakes in Debugger, profiler, serverless jobs and own properties, and typos. */
export const invalidOther: InvalidCase[] = [
  // Debugger, profiler, SERVERLESS.
  [
    "a collection twice",
    {
      debugHookConfig: {
        s3OutputPath: "s3://debug/t",
        collectionConfigurations: [{ collectionName: "losses" }, { collectionName: "losses" }],
      },
    },
    "debugHookConfig.collectionConfigurations[1].collectionName",
  ],
  [
    "a rule twice",
    { debugRuleConfigurations: [RULE, RULE] },
    "debugRuleConfigurations[1].ruleConfigurationName",
  ],
  [
    "a rule's name in both lists",
    { debugRuleConfigurations: [RULE], profilerRuleConfigurations: [RULE] },
    "profilerRuleConfigurations[0].ruleConfigurationName",
  ],
  [
    "a rule with a relative path",
    { debugRuleConfigurations: [{ ...RULE, localPath: "out" }] },
    "debugRuleConfigurations[0].localPath",
  ],
  [
    "relative tensors",
    { debugHookConfig: { s3OutputPath: "s3://debug/t", localPath: "tensors" } },
    "debugHookConfig.localPath",
  ],
  [
    "relative TensorBoard data",
    { tensorBoardOutputConfig: { s3OutputPath: "s3://debug/t", localPath: "tb" } },
    "tensorBoardOutputConfig.localPath",
  ],
  [
    "serverless with machines",
    {
      algorithmSpecification: undefined,
      serverlessJobConfig: { baseModelArn: BASE_MODEL, jobType: "FineTuning" },
    },
    "resourceConfig",
  ],
  [
    "serverless with an image",
    { resourceConfig: undefined, serverlessJobConfig: { baseModelArn: BASE_MODEL, jobType: "FineTuning" } },
    "algorithmSpecification",
  ],
  [
    "an evaluation, which leaves no model",
    {
      ...SERVERLESS,
      serverlessJobConfig: {
        baseModelArn: BASE_MODEL,
        jobType: "Evaluation",
        evaluationType: "BenchmarkEvaluation",
      },
    },
    "serverlessJobConfig.jobType",
  ],
  ...(
    [
      ["spot", { spot: { maxWait: "2d" } }],
      ["spot", { enableManagedSpotTraining: true, stoppingCondition: { maxWaitTimeInSeconds: 1 } }],
      ["environment", { environment: { A: "1" } }],
      ["retryStrategy", { retryStrategy: { maximumRetryAttempts: 1 } }],
      ["checkpointConfig", { checkpointConfig: { s3Uri: "s3://artifacts/c" } }],
      ["sourceUri", { sourceUri: "s3://code/sourcedir.tar.gz", entryPoint: "train.py" }],
    ] as [string, Inputs][]
  ).map(
    ([property, change]): InvalidCase => [
      `serverless with ${Object.keys(change)[0]}`,
      {
        ...SERVERLESS,
        serverlessJobConfig: { baseModelArn: BASE_MODEL, jobType: "FineTuning" },
        ...change,
      },
      property,
      ...(property === "sourceUri" ? ["entryPoint"] : []),
    ],
  ),
  [
    "sequences of 2048K",
    {
      ...SERVERLESS,
      serverlessJobConfig: { baseModelArn: BASE_MODEL, jobType: "FineTuning", sequenceLength: "2048K" },
    },
    "serverlessJobConfig.sequenceLength",
  ],

  // Own properties and typos.
  ["a name that begins with a hyphen", { baseJobName: "-retina" }, "baseJobName"],
  ["a name with an underscore", { baseJobName: "retina_net" }, "baseJobName"],
  ["a name of 64 characters", { baseJobName: "r".repeat(64) }, "baseJobName"],
  [
    "a job to adopt that is no name",
    { adopt: "arn:aws:sagemaker:us-east-1:111122223333:training-job/x" },
    "adopt",
  ],
  ["an unknown reaction to cancel", { onCancel: "kill" }, "onCancel"],
  ["an unknown delete policy", { deletePolicy: "keep" }, "deletePolicy"],
  ["a run id that is no text", { runId: 7 }, "runId"],
  ["the job's name", { trainingJobName: "retina-1" }, "trainingJobName"],
  ["the spelling of the API", { hyperParameters: {} }, "hyperParameters"],
  ["the spelling of the native resource", { inputDataConfigs: [] }, "inputDataConfigs"],
  ["a machine type at the top", { instanceType: "ml.g5.xlarge" }, "instanceType"],
  ["a typo at the top", { maxrun: "1h" }, "maxrun"],
  ["a typo inside", resources({ volumeSizeInGb: 50 }), "resourceConfig.volumeSizeInGb"],
  [
    "a typo in a list",
    { inputDataConfig: [s3Channel({ contentTyp: "image/png" })] },
    "inputDataConfig[0].contentTyp",
  ],
  [
    "several mistakes at once",
    { roleArn: "x", maxRun: "x", resourceConfig: { instanceType: "x" } },
    "maxRun",
    "roleArn",
    "resourceConfig.instanceType",
  ],
];
