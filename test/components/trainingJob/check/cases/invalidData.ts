import {
  algorithm,
  CPU_GROUP,
  fileChannel,
  type Inputs,
  type InvalidCase,
  s3Channel,
  times,
  VPC,
} from "./builders";

/** Mistakes in channels, output, checkpoints and network. */
export const invalidData: InvalidCase[] = [
  ["no channel", { inputDataConfig: [] }, "inputDataConfig"],
  [
    "21 channels",
    { inputDataConfig: times(21, (index) => s3Channel({ channelName: `c${index}` })) },
    "inputDataConfig",
  ],
  [
    "a channel twice",
    { inputDataConfig: [s3Channel(), s3Channel({ channelName: "val" }), s3Channel()] },
    "inputDataConfig[2].channelName",
  ],
  [
    "a channel with a blank in its name",
    { inputDataConfig: [s3Channel({ channelName: "train set" })] },
    "inputDataConfig[0].channelName",
  ],
  [
    "a channel without data",
    { inputDataConfig: [s3Channel({ dataSource: {} })] },
    "inputDataConfig[0].dataSource",
  ],
  [
    "a channel with two sources",
    {
      vpcConfig: VPC,
      inputDataConfig: [
        s3Channel({
          dataSource: { ...(s3Channel().dataSource as Inputs), ...(fileChannel().dataSource as Inputs) },
        }),
      ],
    },
    "inputDataConfig[0].dataSource.fileSystemDataSource",
  ],
  [
    "data on a local disk",
    { inputDataConfig: [s3Channel({}, { s3Uri: "file:///data" })] },
    "inputDataConfig[0].dataSource.s3DataSource.s3Uri",
  ],
  ...[
    "https://example.com/data",
    "https://s3.us-west-2.amazonaws.com/",
    "s3:// b/x",
    "s3://data:train/x",
    "s3://data/train//",
  ].map(
    (s3Uri): InvalidCase => [
      `data at ${s3Uri}`,
      { inputDataConfig: [s3Channel({}, { s3Uri })] },
      "inputDataConfig[0].dataSource.s3DataSource.s3Uri",
    ],
  ),
  [
    "output to a host that is not S3",
    { outputDataConfig: { s3OutputPath: "https://my-bucket.example.com/out" } },
    "outputDataConfig.s3OutputPath",
  ],
  [
    "output to a host that is not S3, with spot, whose checkpoints go there too",
    { outputDataConfig: { s3OutputPath: "https://my-bucket.example.com/out" }, spot: { maxWait: "2d" } },
    "outputDataConfig.s3OutputPath",
  ],
  [
    "an augmented manifest in File mode",
    {
      inputDataConfig: [
        s3Channel({}, { s3DataType: "AugmentedManifestFile", attributeNames: ["source-ref"] }),
      ],
    },
    "inputDataConfig[0].dataSource.s3DataSource.s3DataType",
  ],
  [
    "an augmented manifest in FastFile mode",
    {
      inputDataConfig: [
        s3Channel(
          { inputMode: "FastFile" },
          { s3DataType: "AugmentedManifestFile", attributeNames: ["source-ref"] },
        ),
      ],
    },
    "inputDataConfig[0].dataSource.s3DataSource.s3DataType",
  ],
  [
    "an augmented manifest without attributes",
    { inputDataConfig: [s3Channel({ inputMode: "Pipe" }, { s3DataType: "AugmentedManifestFile" })] },
    "inputDataConfig[0].dataSource.s3DataSource.attributeNames",
  ],
  [
    "attributes of a prefix",
    { inputDataConfig: [s3Channel({}, { attributeNames: ["source-ref"] })] },
    "inputDataConfig[0].dataSource.s3DataSource.attributeNames",
  ],
  [
    "compression in File mode",
    { inputDataConfig: [s3Channel({ compressionType: "Gzip" })] },
    "inputDataConfig[0].compressionType",
  ],
  [
    "compression when the job's mode is FastFile",
    {
      ...algorithm({ trainingInputMode: "FastFile" }),
      inputDataConfig: [s3Channel({ compressionType: "Gzip" })],
    },
    "inputDataConfig[0].compressionType",
  ],
  [
    "compression in a channel in Pipe mode while the job's mode is File",
    { inputDataConfig: [s3Channel({ inputMode: "Pipe", compressionType: "Gzip" })] },
    "inputDataConfig[0].compressionType",
  ],
  [
    "RecordIO in File mode",
    { inputDataConfig: [s3Channel({ recordWrapperType: "RecordIO" })] },
    "inputDataConfig[0].recordWrapperType",
  ],
  ["a file system without VPC", { inputDataConfig: [fileChannel()] }, "vpcConfig"],
  [
    "a file system in Pipe mode",
    { vpcConfig: VPC, inputDataConfig: [fileChannel({ inputMode: "Pipe" })] },
    "inputDataConfig[0].inputMode",
  ],
  [
    "a relative directory",
    { vpcConfig: VPC, inputDataConfig: [fileChannel({}, { directoryPath: "fsx/train" })] },
    "inputDataConfig[0].dataSource.fileSystemDataSource.directoryPath",
  ],
  [
    "a shuffled file system",
    { vpcConfig: VPC, inputDataConfig: [fileChannel({ shuffleConfig: { seed: 1 } })] },
    "inputDataConfig[0].shuffleConfig",
  ],
  [
    "a fingerprint of a file system",
    { vpcConfig: VPC, inputDataConfig: [fileChannel({ fingerprint: true })] },
    "inputDataConfig[0].fingerprint",
  ],
  [
    "a fingerprint that is no switch",
    { inputDataConfig: [s3Channel({ fingerprint: "yes" })] },
    "inputDataConfig[0].fingerprint",
  ],
  [
    "data for a group that is not there",
    {
      resourceConfig: { instanceGroups: [CPU_GROUP] },
      inputDataConfig: [s3Channel({}, { instanceGroupNames: ["cpu", "gpu"] })],
    },
    "inputDataConfig[0].dataSource.s3DataSource.instanceGroupNames[1]",
  ],
  [
    "data for a group without groups",
    { inputDataConfig: [s3Channel({}, { instanceGroupNames: ["gpu"] })] },
    "inputDataConfig[0].dataSource.s3DataSource.instanceGroupNames[0]",
  ],
  [
    "relative checkpoints",
    { checkpointConfig: { s3Uri: "s3://artifacts/c", localPath: "checkpoints" } },
    "checkpointConfig.localPath",
  ],
  [
    "checkpoints without a place",
    { checkpointConfig: { localPath: "/opt/ml/checkpoints" } },
    "checkpointConfig.s3Uri",
  ],
  ["no output", { outputDataConfig: undefined }, "outputDataConfig"],
  ["no security group", { vpcConfig: { ...VPC, securityGroupIds: [] } }, "vpcConfig.securityGroupIds"],
  ["no role", { roleArn: undefined }, "roleArn"],
  ["a role's name for its ARN", { roleArn: "service-role/training-role" }, "roleArn"],
];
