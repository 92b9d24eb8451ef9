import { fileChannel, METRIC, SCRIPT, s3Channel, UNKNOWN, type ValidCase } from "./builders";

/** Inputs of which a preview knows only parts. */
export const validUnknown: ValidCase[] = [
  ["an unknown role", { roleArn: UNKNOWN }],
  ["an unknown image", { algorithmSpecification: { trainingImage: UNKNOWN } }],
  ["an unknown algorithm", { algorithmSpecification: UNKNOWN, metricDefinitions: [METRIC] }],
  ["unknown machines on spot", { resourceConfig: UNKNOWN, spot: { maxWait: "2d" } }],
  ["unknown machines", { resourceConfig: UNKNOWN, warmPool: { keepAlive: "1h" } }],
  [
    "an unknown machine type with a volume key",
    { resourceConfig: { instanceType: UNKNOWN, instanceCount: UNKNOWN, volumeKmsKeyId: UNKNOWN } },
  ],
  [
    "unknown groups",
    {
      resourceConfig: { instanceGroups: UNKNOWN },
      inputDataConfig: [s3Channel({}, { instanceGroupNames: ["gpu"] })],
    },
  ],
  ["unknown channels", { inputDataConfig: UNKNOWN }],
  ["an unknown channel", { inputDataConfig: [UNKNOWN, s3Channel()] }],
  [
    "an unknown data source",
    { inputDataConfig: [s3Channel({ dataSource: UNKNOWN, compressionType: "Gzip", inputMode: UNKNOWN })] },
  ],
  ["unknown output and spot", { outputDataConfig: UNKNOWN, spot: { maxWait: UNKNOWN } }],
  [
    "an unknown output path and spot",
    { outputDataConfig: { s3OutputPath: UNKNOWN }, spot: UNKNOWN, maxRun: UNKNOWN, warmPool: UNKNOWN },
  ],
  [
    "an unknown spot switch with a wait",
    { enableManagedSpotTraining: UNKNOWN, stoppingCondition: { maxWaitTimeInSeconds: 90_000 } },
  ],
  ["an unknown source and script", { sourceUri: UNKNOWN, entryPoint: UNKNOWN, distribution: UNKNOWN }],
  ["unknown hyperparameters", { ...SCRIPT, hyperparameters: UNKNOWN, environment: UNKNOWN, tags: UNKNOWN }],
  [
    "an unknown hyperparameter",
    {
      ...SCRIPT,
      hyperparameters: { lr: UNKNOWN, grid: [UNKNOWN] },
      environment: { A: UNKNOWN },
      tags: { a: UNKNOWN },
    },
  ],
  ["an unknown VPC with a file system", { vpcConfig: UNKNOWN, inputDataConfig: [fileChannel()] }],
  [
    "everything unknown",
    {
      roleArn: UNKNOWN,
      algorithmSpecification: UNKNOWN,
      outputDataConfig: UNKNOWN,
      resourceConfig: UNKNOWN,
      stoppingCondition: UNKNOWN,
      spot: UNKNOWN,
      serverlessJobConfig: undefined,
      vpcConfig: UNKNOWN,
      checkpointConfig: UNKNOWN,
    },
  ],
];
