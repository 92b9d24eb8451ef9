import {
  algorithm,
  IMAGE,
  type InvalidCase,
  METRIC,
  PLAN,
  RULE,
  resources,
  SCRIPT,
  s3Channel,
  VPC,
} from "./builders";

const KMEANS = "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1";
const PARIS = IMAGE.replace("us-east-1", "eu-west-3");
const image = (trainingImage: string) => ({ algorithmSpecification: { trainingImage } });
const IMAGE_PATH = "algorithmSpecification.trainingImage";

/** Images, ARNs and names that cannot be what they are given for. */
export const invalidPlaces: InvalidCase[] = [
  // Images.
  ["an image of another region", { region: "eu-west-3" }, IMAGE_PATH],
  [
    "an image of another partition's registry",
    { region: "cn-north-1", roleArn: "arn:aws-cn:iam::111122223333:role/training" },
    IMAGE_PATH,
  ],
  ["an image of Docker Hub", image("docker.io/team/mine:1"), IMAGE_PATH],
  ["an image of ECR's public gallery", image("public.ecr.aws/team/mine:1"), IMAGE_PATH],
  [
    "an image of a private registry, without access to it",
    algorithm({
      trainingImage: "registry.example.com/team/mine:1",
      trainingImageConfig: { trainingRepositoryAccessMode: "Platform" },
    }),
    IMAGE_PATH,
  ],
  ["an image with a digest that is cut off", image(`${IMAGE.split(":")[0]}@sha256:7173b809ca12`), IMAGE_PATH],
  ["an image with capitals in its repository", image(IMAGE.replace("pytorch", "PyTorch")), IMAGE_PATH],
  [
    "a rule's image without a registry",
    { debugRuleConfigurations: [{ ...RULE, ruleEvaluatorImage: "debugger:latest" }] },
    "debugRuleConfigurations[0].ruleEvaluatorImage",
  ],
  [
    "a profiler rule's image with a scheme",
    { profilerRuleConfigurations: [{ ...RULE, ruleEvaluatorImage: `https://${IMAGE}` }] },
    "profilerRuleConfigurations[0].ruleEvaluatorImage",
  ],
  [
    "a rule's image of another region",
    { ...image(PARIS), region: "eu-west-3", debugRuleConfigurations: [RULE] },
    "debugRuleConfigurations[0].ruleEvaluatorImage",
  ],
  ["metrics of a built-in algorithm", { ...image(KMEANS), metricDefinitions: [METRIC] }, "metricDefinitions"],
  [
    "metrics of XGBoost, script or not",
    {
      ...SCRIPT,
      ...image("683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"),
      metricDefinitions: [METRIC],
    },
    "metricDefinitions",
  ],
  ["a script for a built-in algorithm", { ...image(KMEANS), ...SCRIPT }, "sourceUri"],
  [
    "the ARN of a model for an algorithm",
    { algorithmSpecification: { algorithmName: "arn:aws:sagemaker:us-east-1:111122223333:model/mine" } },
    "algorithmSpecification.algorithmName",
  ],

  // What must be in the job's region.
  [
    "an algorithm of another region",
    {
      region: "eu-west-3",
      algorithmSpecification: { algorithmName: "arn:aws:sagemaker:us-east-1:111122223333:algorithm/mine" },
    },
    "algorithmSpecification.algorithmName",
  ],
  [
    "a training plan of another region",
    {
      ...image(PARIS),
      region: "eu-west-3",
      resourceConfig: { instanceType: "ml.p5.48xlarge", trainingPlanArn: PLAN },
    },
    "resourceConfig.trainingPlanArn",
  ],
  [
    "a preference's plan of another region",
    {
      ...image(PARIS),
      region: "eu-west-3",
      resourceConfig: { instancePreferences: [{ instanceType: "ml.p5.48xlarge", trainingPlanArns: [PLAN] }] },
    },
    "resourceConfig.instancePreferences[0].trainingPlanArns[0]",
  ],
  [
    "a volume key of another region",
    { region: "us-east-1", ...resources({ volumeKmsKeyId: "arn:aws:kms:eu-west-3:111122223333:key/1234" }) },
    "resourceConfig.volumeKmsKeyId",
  ],
  [
    "a role of another partition",
    { region: "us-east-1", roleArn: "arn:aws-cn:iam::111122223333:role/training" },
    "roleArn",
  ],

  // Keys and buckets.
  [
    "a role for an output key",
    {
      outputDataConfig: { s3OutputPath: "s3://artifacts/r", kmsKeyId: "arn:aws:iam::111122223333:role/key" },
    },
    "outputDataConfig.kmsKeyId",
  ],
  [
    "a key for a directory bucket",
    { outputDataConfig: { s3OutputPath: "s3://artifacts--use1-az4--x-s3/r", kmsKeyId: "alias/training" } },
    "outputDataConfig.kmsKeyId",
  ],
  [
    "an address for a bucket",
    { outputDataConfig: { s3OutputPath: "s3://192.168.1.1/r" } },
    "outputDataConfig.s3OutputPath",
  ],
  [
    "checkpoints whose place is too long with the job's name in it",
    { checkpointConfig: { s3Uri: `s3://artifacts/${"x".repeat(1000)}/{job}` } },
    "checkpointConfig.s3Uri",
  ],
  [
    "an output path that leaves no room for the checkpoints of spot below it",
    { outputDataConfig: { s3OutputPath: `s3://artifacts/${"x".repeat(990)}` }, spot: { maxWait: "2d" } },
    "outputDataConfig.s3OutputPath",
  ],

  // Networks.
  [
    "subnets and security groups the wrong way round",
    { vpcConfig: { securityGroupIds: VPC.subnets, subnets: VPC.securityGroupIds } },
    "vpcConfig.securityGroupIds[0]",
    "vpcConfig.subnets[0]",
  ],
  [
    "a security group by its name",
    { vpcConfig: { ...VPC, securityGroupIds: ["default"] } },
    "vpcConfig.securityGroupIds[0]",
  ],
  [
    "a VPC for a subnet",
    { vpcConfig: { ...VPC, subnets: ["vpc-0123456789abcdef0"] } },
    "vpcConfig.subnets[0]",
  ],

  // Channels and names.
  [
    "an augmented manifest with an empty list of attributes",
    {
      inputDataConfig: [
        s3Channel({ inputMode: "Pipe" }, { s3DataType: "AugmentedManifestFile", attributeNames: [] }),
      ],
    },
    "inputDataConfig[0].dataSource.s3DataSource.attributeNames",
  ],
  ...["s3://data/manifests/", "s3://data"].map(
    (s3Uri): InvalidCase => [
      `a manifest at ${s3Uri}, which is no object`,
      { inputDataConfig: [s3Channel({}, { s3DataType: "ManifestFile", s3Uri })] },
      "inputDataConfig[0].dataSource.s3DataSource.s3Uri",
    ],
  ),
  [
    "a model to train further in Pipe mode",
    {
      inputDataConfig: [
        s3Channel({ channelName: "model", contentType: "application/x-sagemaker-model", inputMode: "Pipe" }),
      ],
    },
    "inputDataConfig[0].inputMode",
  ],
  [
    "a channel that names the folder above it",
    { inputDataConfig: [s3Channel({ channelName: ".." })] },
    "inputDataConfig[0].channelName",
  ],
  ["a hyperparameter without a name", { hyperparameters: { "": 1 } }, 'hyperparameters[""]'],
];
