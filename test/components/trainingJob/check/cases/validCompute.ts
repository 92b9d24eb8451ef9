import {
  algorithm,
  CPU_GROUP,
  GPU_GROUP,
  METRIC,
  PLAN,
  s3Channel,
  times,
  type ValidCase,
  VPC,
} from "./builders";

const regex = (source: string) => ({ metricDefinitions: [{ name: "loss", regex: source }] });

/** What may run, on which machines. */
export const validCompute: ValidCase[] = [
  ["the base", {}],
  ["nothing optional", { baseJobName: undefined }],
  [
    "an image by digest",
    {
      algorithmSpecification: {
        trainingImage: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/mine@sha256:${"a".repeat(64)}`,
      },
    },
  ],
  [
    "an image without a tag",
    { algorithmSpecification: { trainingImage: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/mine" } },
  ],
  [
    "an image in a private registry",
    {
      vpcConfig: VPC,
      algorithmSpecification: {
        trainingImage: "registry.example.com:5000/team/mine:1",
        trainingImageConfig: { trainingRepositoryAccessMode: "Vpc" },
      },
    },
  ],
  ["an algorithm by name", { algorithmSpecification: { algorithmName: "mine" } }],
  [
    "an algorithm by ARN",
    { algorithmSpecification: { algorithmName: "arn:aws:sagemaker:us-east-1:111122223333:algorithm/mine" } },
  ],
  [
    "an entrypoint of one's own",
    algorithm({ containerEntrypoint: ["python"], containerArguments: ["-m", "train"] }),
  ],
  ["40 metrics", { metricDefinitions: times(40, (index) => ({ ...METRIC, name: `m${index}` })) }],
  ["metrics in the long form", algorithm({ metricDefinitions: [METRIC] })],
  [
    "the same metrics in both forms",
    { ...algorithm({ metricDefinitions: [METRIC] }), metricDefinitions: [METRIC] },
  ],
  ["no metrics", { metricDefinitions: [] }],
  ["a metric with a named group", regex("loss=(?P<value>[0-9.]+)")],
  ["a metric with flags", regex("(?i)loss=([0-9.]+)")],
  ["a metric with a possessive quantifier", regex("loss=([0-9.]++)")],
  ["a metric with an atomic group", regex("loss=((?>[0-9.]+))")],
  ["a metric with anchors", regex("\\Aloss=([0-9.]+)\\Z")],
  ["a metric with alternatives", regex("loss=(?:a|b)([0-9.]+)|lost=([0-9]+)")],
  ["a metric with escaped parentheses", regex("loss\\(val\\)=([0-9.eE+-]+)")],
  ["one of the newest machine types", { resourceConfig: { instanceType: "ml.p6-b200.48xlarge" } }],
  [
    "a Marketplace algorithm without a network",
    {
      enableNetworkIsolation: true,
      algorithmSpecification: { algorithmName: "arn:aws:sagemaker:us-east-1:865070037744:algorithm/theirs" },
    },
  ],
  ["two machines", { resourceConfig: { instanceType: "ml.g5.12xlarge", instanceCount: 2 } }],
  ["two groups", { resourceConfig: { instanceGroups: [CPU_GROUP, GPU_GROUP] } }],
  [
    "data for one of two groups",
    {
      resourceConfig: { instanceGroups: [CPU_GROUP, GPU_GROUP] },
      inputDataConfig: [s3Channel({}, { instanceGroupNames: ["gpu"] })],
    },
  ],
  [
    "preferences with one count",
    {
      resourceConfig: {
        instanceCount: 2,
        instancePreferences: [{ instanceType: "ml.g5.xlarge" }, { instanceType: "ml.g6.xlarge" }],
      },
    },
  ],
  [
    "preferences with a count each",
    {
      resourceConfig: {
        instancePreferences: [
          { instanceType: "ml.g5.xlarge", instanceCount: 4 },
          { instanceType: "ml.g5.12xlarge", instanceCount: 1 },
        ],
      },
    },
  ],
  [
    "preferences without a count",
    { resourceConfig: { instancePreferences: [{ instanceType: "ml.g5.xlarge" }] } },
  ],
  [
    "a preference with a plan",
    {
      resourceConfig: { instancePreferences: [{ instanceType: "ml.p5.48xlarge", trainingPlanArns: [PLAN] }] },
    },
  ],
  ["a training plan", { resourceConfig: { instanceType: "ml.p5.48xlarge", trainingPlanArn: PLAN } }],
  [
    "UltraServers",
    {
      resourceConfig: {
        instanceType: "ml.p6e-gb200.36xlarge",
        instancePlacementConfig: {
          enableMultipleJobs: true,
          placementSpecifications: [{ ultraServerId: "us1", instanceCount: 2 }],
        },
      },
    },
  ],
  [
    "a volume key without local disks",
    {
      resourceConfig: {
        instanceType: "ml.p3.2xlarge",
        volumeKmsKeyId: "arn:aws:kms:us-east-1:111122223333:key/1234",
      },
    },
  ],
  [
    "a volume size with local disks",
    { resourceConfig: { instanceType: "ml.g5.xlarge", volumeSizeInGB: 500 } },
  ],
];
