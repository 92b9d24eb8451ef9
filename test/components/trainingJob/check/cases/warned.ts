import { algorithm, PLAN, resources, s3Channel, UNKNOWN, type WarnedCase } from "./builders";

const regex = (source: string) => ({ metricDefinitions: [{ name: "loss", regex: source }] });

/** What AWS may take although nobody here knows it, and what it takes without effect. */
export const warned: WarnedCase[] = [
  [
    "a machine type that is newer",
    resources({ instanceType: "ml.g9.xlarge" }),
    "resourceConfig.instanceType",
  ],
  ["a size that is newer", resources({ instanceType: "ml.g5.13xlarge" }), "resourceConfig.instanceType"],
  [
    "a machine type of a group that is newer",
    {
      resourceConfig: {
        instanceGroups: [{ instanceType: "ml.x1-a100.48xlarge", instanceCount: 1, instanceGroupName: "a" }],
      },
    },
    "resourceConfig.instanceGroups[0].instanceType",
  ],
  [
    "a data type that is newer",
    { inputDataConfig: [s3Channel({}, { s3DataType: "Parquet" })] },
    "inputDataConfig[0].dataSource.s3DataSource.s3DataType",
  ],
  [
    "an input mode that is newer",
    algorithm({ trainingInputMode: "Stream" }),
    "algorithmSpecification.trainingInputMode",
  ],
  ["an expression with a flag in the middle", regex("loss=(?x)([0-9.]+)"), "metricDefinitions[0].regex"],
  ["an expression with a spelling of Java", regex("loss=\\h([0-9.]+)"), "metricDefinitions[0].regex"],
  [
    "an interval that is not documented",
    { profilerConfig: { profilingIntervalInMilliseconds: 250 } },
    "profilerConfig.profilingIntervalInMilliseconds",
  ],
  [
    "a bucket of the old kind, with spot, whose checkpoints go there too",
    { outputDataConfig: { s3OutputPath: "s3://My_Bucket/x" }, spot: { maxWait: "2d" } },
    "outputDataConfig.s3OutputPath",
  ],
  [
    "a bucket of the old kind",
    { outputDataConfig: { s3OutputPath: "s3://My_Bucket/x" } },
    "outputDataConfig.s3OutputPath",
  ],
  [
    "two slashes in a key that is streamed",
    { inputDataConfig: [s3Channel({ inputMode: "FastFile" }, { s3Uri: "s3://data/a//b" })] },
    "inputDataConfig[0].dataSource.s3DataSource.s3Uri",
  ],
  ["a pending time without accelerators", { maxPending: "1h" }, "maxPending"],
  [
    "a placement without UltraServers",
    resources({ instancePlacementConfig: { enableMultipleJobs: true } }),
    "resourceConfig.instancePlacementConfig",
  ],
  [
    "a long wait for a Marketplace algorithm",
    {
      enableNetworkIsolation: true,
      algorithmSpecification: { algorithmName: "arn:aws:sagemaker:us-east-1:865070037744:algorithm/theirs" },
      spot: { maxWait: "2d" },
    },
    "spot.maxWait",
  ],
  [
    "one process for several GPUs",
    {
      sourceUri: "s3://bucket/code.tar.gz",
      entryPoint: "train.py",
      ...resources({ instanceType: "ml.g5.12xlarge" }),
    },
    "distribution",
  ],
  [
    "no way of starting it that is not known yet",
    {
      sourceUri: "s3://bucket/code.tar.gz",
      entryPoint: "train.py",
      distribution: UNKNOWN,
      ...resources({ instanceType: "ml.g5.12xlarge" }),
    },
  ],
  [
    "only what is known",
    {
      resourceConfig: { instanceType: UNKNOWN, trainingPlanArn: PLAN },
      maxPending: "1h",
      ...regex("(?x)a(b)"),
    },
    "metricDefinitions[0].regex",
  ],
];
