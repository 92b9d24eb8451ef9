import { algorithm, IMAGE, PLAN, resources, s3Channel, UNKNOWN, type WarnedCase } from "./builders";

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
  [
    "a bucket with two dots in a row",
    { outputDataConfig: { s3OutputPath: "s3://a..bucket/x" } },
    "outputDataConfig.s3OutputPath",
  ],
  [
    "an alias for a volume key",
    resources({ volumeKmsKeyId: "alias/training" }),
    "resourceConfig.volumeKmsKeyId",
  ],
  ["more storage than a volume has", resources({ volumeSizeInGB: 20_000 }), "resourceConfig.volumeSizeInGB"],
  [
    "an output key of another region",
    {
      region: "us-east-1",
      outputDataConfig: {
        s3OutputPath: "s3://artifacts/r",
        kmsKeyId: "arn:aws:kms:eu-west-3:111122223333:key/1234",
      },
    },
    "outputDataConfig.kmsKeyId",
  ],
  [
    "an image without CUDA on GPUs",
    {
      ...algorithm({ trainingImage: IMAGE.replace("-gpu-", "-cpu-") }),
      ...resources({ instanceType: "ml.g5.xlarge" }),
    },
    "algorithmSpecification.trainingImage",
  ],
  [
    "an image for Neuron on GPUs",
    {
      ...algorithm({
        trainingImage:
          "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training-neuronx:2.7.0-neuronx-py310-sdk2.24.1-ubuntu22.04",
      }),
      ...resources({ instanceType: "ml.g5.xlarge" }),
    },
    "algorithmSpecification.trainingImage",
  ],
  [
    "an image that serves",
    algorithm({ trainingImage: IMAGE.replace("pytorch-training", "pytorch-inference") }),
    "algorithmSpecification.trainingImage",
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
