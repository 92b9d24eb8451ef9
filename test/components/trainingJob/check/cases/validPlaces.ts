import {
  algorithm,
  BASE_MODEL,
  IMAGE,
  METRIC,
  resources,
  SCRIPT,
  SERVERLESS,
  s3Channel,
  type ValidCase,
} from "./builders";

const image = (trainingImage: string) => ({ algorithmSpecification: { trainingImage } });

/** Images, keys and places as they may be, and what is empty and so not set. */
export const validPlaces: ValidCase[] = [
  ["an image of the job's region", { region: "us-east-1" }],
  [
    "an image in China",
    {
      region: "cn-north-1",
      roleArn: "arn:aws-cn:iam::111122223333:role/training",
      ...image("727897471807.dkr.ecr.cn-north-1.amazonaws.com.cn/pytorch-training:2.4.0-gpu-py311"),
    },
  ],
  [
    "an image by the name that ECR has for IPv6",
    { region: "us-east-1", ...image("111122223333.dkr-ecr.us-east-1.on.aws/mine:1") },
  ],
  [
    "an image by ECR's FIPS endpoint",
    {
      region: "us-gov-west-1",
      roleArn: "arn:aws-us-gov:iam::111122223333:role/training",
      ...image("111122223333.dkr.ecr-fips.us-gov-west-1.amazonaws.com/mine:1"),
    },
  ],
  ["an image by tag and digest", image(`${IMAGE}@sha256:${"a".repeat(64)}`)],
  [
    "metrics of one's own image of a built-in algorithm's name",
    { ...image("111122223333.dkr.ecr.us-west-2.amazonaws.com/kmeans:1"), metricDefinitions: [METRIC] },
  ],
  [
    "a script for XGBoost",
    { ...SCRIPT, ...image("683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1") },
  ],
  ["a directory bucket", { outputDataConfig: { s3OutputPath: "s3://artifacts--use1-az4--x-s3/r" } }],
  [
    "a key of another account and a key that is in several regions",
    {
      outputDataConfig: {
        s3OutputPath: "s3://artifacts/r",
        kmsKeyId: "arn:aws:kms:us-east-1:444455556666:key/mrk-1234abcd",
      },
      ...resources({ volumeKmsKeyId: "1234abcd-12ab-34cd-56ef-1234567890ab" }),
    },
  ],
  [
    "a model to train further",
    { inputDataConfig: [s3Channel({ channelName: "model", contentType: "application/x-sagemaker-model" })] },
  ],
  ["no instance groups", resources({ instanceGroups: [] })],
  ["no volume key, on local disks", { resourceConfig: { instanceType: "ml.g5.xlarge", volumeKmsKeyId: "" } }],
  ["no output key", { outputDataConfig: { s3OutputPath: "s3://artifacts/r", kmsKeyId: "" } }],
  [
    "no attributes and no groups of a prefix",
    { inputDataConfig: [s3Channel({}, { attributeNames: [], instanceGroupNames: [] })] },
  ],
  ["an algorithm, and no image", { algorithmSpecification: { algorithmName: "mine", trainingImage: "" } }],
  [
    "a serverless job without variables and without rules",
    {
      ...SERVERLESS,
      environment: {},
      profilerRuleConfigurations: [],
      serverlessJobConfig: { baseModelArn: BASE_MODEL, jobType: "FineTuning" },
    },
  ],
  [
    "a private registry in the job's VPC",
    {
      vpcConfig: { securityGroupIds: ["sg-1"], subnets: ["subnet-1"] },
      ...algorithm({
        trainingImage: "registry.example.com/team/mine:1",
        trainingImageConfig: { trainingRepositoryAccessMode: "Vpc" },
      }),
    },
  ],
];
