import { algorithm, fileChannel, s3Channel, times, type ValidCase, VPC } from "./builders";

/** Times, spot, warm pools, channels, output and network as they may be. */
export const validData: ValidCase[] = [
  ["28 days", { maxRun: "28d" }],
  ["one second", { maxRun: 1 }],
  ["a composed duration", { maxRun: "1h 30m" }],
  ["seconds as text", { maxRun: "3600" }],
  ["the same run time in both forms", { maxRun: "1h", stoppingCondition: { maxRuntimeInSeconds: 3600 } }],
  ["30 minutes of pending", { maxPending: "30m", resourceConfig: { instanceType: "ml.g5.xlarge" } }],
  ["spot", { maxRun: "1h", spot: { maxWait: "1h" } }],
  [
    "spot with everything",
    { maxRun: "1h", spot: { maxWait: "2h", fallback: "on-demand", capacityRetries: 0 } },
  ],
  [
    "spot in the long form",
    {
      enableManagedSpotTraining: true,
      stoppingCondition: { maxRuntimeInSeconds: 60, maxWaitTimeInSeconds: 60 },
    },
  ],
  [
    "spot with checkpoints of one's own",
    {
      spot: { maxWait: "1d" },
      checkpointConfig: { s3Uri: "s3://artifacts/checkpoints/{job}", localPath: "/opt/ml/mine" },
    },
  ],
  ["no spot, said so", { enableManagedSpotTraining: false }],
  ["a warm pool of an hour", { warmPool: { keepAlive: "1h" } }],
  ["a warm pool of nothing with spot", { spot: { maxWait: "1d" }, warmPool: { keepAlive: 0 } }],
  [
    "a wait with retries and without spot",
    {
      retryStrategy: { maximumRetryAttempts: 2 },
      stoppingCondition: { maxRuntimeInSeconds: 86_400, maxWaitTimeInSeconds: 86_400 },
    },
  ],
  [
    "an hour's wait for a built-in algorithm",
    {
      algorithmSpecification: { trainingImage: "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1" },
      maxRun: "1h",
      spot: { maxWait: "1h" },
    },
  ],
  [
    "a long wait for one's own image of that name",
    {
      algorithmSpecification: { trainingImage: "111122223333.dkr.ecr.us-west-2.amazonaws.com/kmeans:1" },
      spot: { maxWait: "2d" },
    },
  ],
  [
    "a long wait for a built-in algorithm that checkpoints",
    {
      algorithmSpecification: {
        trainingImage: "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1",
      },
      spot: { maxWait: "2d" },
    },
  ],
  [
    "S3 as a URL of its region",
    { outputDataConfig: { s3OutputPath: "https://s3.us-west-2.amazonaws.com/artifacts/out" } },
  ],
  [
    "S3 as a URL with the bucket before the host",
    { inputDataConfig: [s3Channel({}, { s3Uri: "https://my-data.s3.us-west-2.amazonaws.com/train" })] },
  ],
  ["retries", { retryStrategy: { maximumRetryAttempts: 30 } }],
  ["20 channels", { inputDataConfig: times(20, (index) => s3Channel({ channelName: `c-${index}.x_y` })) }],
  [
    "an augmented manifest",
    {
      inputDataConfig: [
        s3Channel(
          { inputMode: "Pipe", recordWrapperType: "RecordIO", shuffleConfig: { seed: -1 } },
          { s3DataType: "AugmentedManifestFile", attributeNames: ["source-ref"] },
        ),
      ],
    },
  ],
  [
    "an augmented manifest when the job's mode is Pipe",
    {
      ...algorithm({ trainingInputMode: "Pipe" }),
      inputDataConfig: [
        s3Channel({}, { s3DataType: "AugmentedManifestFile", attributeNames: ["source-ref"] }),
      ],
    },
  ],
  [
    "compression in Pipe mode",
    {
      ...algorithm({ trainingInputMode: "Pipe" }),
      inputDataConfig: [s3Channel({ compressionType: "Gzip" })],
    },
  ],
  [
    "a sharded manifest, streamed",
    {
      inputDataConfig: [
        s3Channel(
          { inputMode: "FastFile" },
          { s3DataType: "ManifestFile", s3DataDistributionType: "ShardedByS3Key" },
        ),
      ],
    },
  ],
  ["a fingerprint", { inputDataConfig: [s3Channel({ fingerprint: true })] }],
  ["FSx for Lustre", { vpcConfig: VPC, inputDataConfig: [fileChannel()] }],
  [
    "EFS, when the job's mode is Pipe",
    {
      ...algorithm({ trainingInputMode: "Pipe" }),
      vpcConfig: VPC,
      inputDataConfig: [
        fileChannel(
          { inputMode: "File" },
          { fileSystemType: "EFS", fileSystemId: "fs-01234567", directoryPath: "/" },
        ),
      ],
    },
  ],
  [
    "a data set of a hub",
    {
      inputDataConfig: [
        s3Channel({
          dataSource: {
            datasetSource: {
              datasetArn: "arn:aws:sagemaker:us-east-1:111122223333:hub-content/hub/DataSet/set/1.0.0",
            },
          },
        }),
      ],
    },
  ],
  [
    "an encrypted, unpacked artifact",
    {
      outputDataConfig: {
        s3OutputPath: "s3://artifacts",
        kmsKeyId: "alias/training",
        compressionType: "NONE",
      },
    },
  ],
  [
    "a role with a path",
    { roleArn: "arn:aws-us-gov:iam::111122223333:role/service-role/Training+x=1,2.3@4-5_6" },
  ],
  [
    "a closed VPC",
    { vpcConfig: VPC, enableNetworkIsolation: true, enableInterContainerTrafficEncryption: true },
  ],
];
