import {
  algorithm,
  CPU_GROUP,
  GPU_GROUP,
  IMAGE,
  type InvalidCase,
  METRIC,
  PLAN,
  resources,
  times,
} from "./builders";

/** Mistakes in what runs and on which machines. */
export const invalidCompute: InvalidCase[] = [
  // What runs.
  ["no algorithm", { algorithmSpecification: undefined }, "algorithmSpecification"],
  ["neither image nor algorithm", { algorithmSpecification: {} }, "algorithmSpecification.trainingImage"],
  ["image and algorithm", algorithm({ algorithmName: "mine" }), "algorithmSpecification.algorithmName"],
  [
    "an image with a scheme",
    { algorithmSpecification: { trainingImage: `https://${IMAGE}` } },
    "algorithmSpecification.trainingImage",
  ],
  [
    "an image without a registry",
    { algorithmSpecification: { trainingImage: "pytorch:2.4.0" } },
    "algorithmSpecification.trainingImage",
  ],
  [
    "an image with a blank",
    { algorithmSpecification: { trainingImage: `${IMAGE} ` } },
    "algorithmSpecification.trainingImage",
  ],
  [
    "a private registry without VPC",
    algorithm({ trainingImageConfig: { trainingRepositoryAccessMode: "Vpc" } }),
    "vpcConfig",
  ],
  [
    "credentials for Amazon ECR",
    algorithm({
      trainingImageConfig: {
        trainingRepositoryAccessMode: "Platform",
        trainingRepositoryAuthConfig: {
          trainingRepositoryCredentialsProviderArn: "arn:aws:lambda:us-east-1:111122223333:function:login",
        },
      },
    }),
    "algorithmSpecification.trainingImageConfig.trainingRepositoryAuthConfig",
  ],
  ["a metric twice", { metricDefinitions: [METRIC, METRIC] }, "metricDefinitions[1].name"],
  [
    "a metric that captures nothing",
    { metricDefinitions: [{ ...METRIC, regex: "loss=[0-9.]+" }] },
    "metricDefinitions[0].regex",
  ],
  [
    "a metric with a group that captures nothing",
    { metricDefinitions: [{ ...METRIC, regex: "(?:loss)=.*" }] },
    "metricDefinitions[0].regex",
  ],
  [
    "a metric that is no expression",
    { metricDefinitions: [{ ...METRIC, regex: "loss=([0-9.]+" }] },
    "metricDefinitions[0].regex",
  ],
  [
    "a metric with a class that does not end",
    { metricDefinitions: [{ ...METRIC, regex: "loss=([0-9.+)" }] },
    "metricDefinitions[0].regex",
  ],
  [
    "a metric that captures nothing in another dialect",
    { metricDefinitions: [{ ...METRIC, regex: "(?i)loss=(?>[0-9.]+)" }] },
    "metricDefinitions[0].regex",
  ],
  [
    "41 metrics",
    { metricDefinitions: times(41, (index) => ({ ...METRIC, name: `m${index}` })) },
    "metricDefinitions",
  ],
  [
    "metrics in two places",
    { ...algorithm({ metricDefinitions: [METRIC] }), metricDefinitions: [{ ...METRIC, name: "b" }] },
    "metricDefinitions",
  ],
  ["metrics that are a map", { metricDefinitions: { loss: "loss=(.*)" } }, "metricDefinitions"],

  [
    "a Marketplace algorithm with a network",
    {
      algorithmSpecification: { algorithmName: "arn:aws:sagemaker:us-east-1:865070037744:algorithm/theirs" },
    },
    "enableNetworkIsolation",
  ],
  [
    "a model package of a job with machines",
    {
      modelPackageConfig: {
        modelPackageGroupArn: "arn:aws:sagemaker:us-east-1:111122223333:model-package-group/g",
      },
    },
    "modelPackageConfig",
  ],

  // Machines.
  ["no machines", { resourceConfig: undefined }, "resourceConfig"],
  ["no machine type", { resourceConfig: {} }, "resourceConfig.instanceType"],
  [
    "a machine type in capitals",
    { resourceConfig: { instanceType: "ml.G5.xlarge" } },
    "resourceConfig.instanceType",
  ],
  [
    "a mode in small letters",
    algorithm({ trainingInputMode: "file" }),
    "algorithmSpecification.trainingInputMode",
  ],
  ["an EC2 type", { resourceConfig: { instanceType: "g5.xlarge" } }, "resourceConfig.instanceType"],
  ["type and groups", resources({ instanceGroups: [CPU_GROUP] }), "resourceConfig.instanceGroups"],
  [
    "type and preferences",
    resources({ instancePreferences: [{ instanceType: "ml.g5.xlarge" }] }),
    "resourceConfig.instancePreferences",
  ],
  [
    "groups and preferences",
    {
      resourceConfig: {
        instanceGroups: [CPU_GROUP],
        instancePreferences: [{ instanceType: "ml.g5.xlarge" }],
      },
    },
    "resourceConfig.instancePreferences",
  ],
  [
    "count with groups",
    { resourceConfig: { instanceGroups: [CPU_GROUP], instanceCount: 2 } },
    "resourceConfig.instanceCount",
  ],
  [
    "a group twice",
    { resourceConfig: { instanceGroups: [CPU_GROUP, CPU_GROUP] } },
    "resourceConfig.instanceGroups[1].instanceGroupName",
  ],
  [
    "a group without machines",
    { resourceConfig: { instanceGroups: [{ ...CPU_GROUP, instanceCount: 0 }] } },
    "resourceConfig.instanceGroups[0].instanceCount",
  ],
  ["no machine", resources({ instanceCount: 0 }), "resourceConfig.instanceCount"],
  ["half a machine", resources({ instanceCount: 1.5 }), "resourceConfig.instanceCount"],
  ["a count as text", resources({ instanceCount: "2" }), "resourceConfig.instanceCount"],
  ["less than no storage", resources({ volumeSizeInGB: -1 }), "resourceConfig.volumeSizeInGB"],
  [
    "a read-only answer",
    resources({ selectedInstanceType: "ml.g5.xlarge" }),
    "resourceConfig.selectedInstanceType",
  ],
  [
    "a preference twice",
    {
      resourceConfig: {
        instancePreferences: [{ instanceType: "ml.g5.xlarge" }, { instanceType: "ml.g5.xlarge" }],
      },
    },
    "resourceConfig.instancePreferences[1].instanceType",
  ],
  [
    "counts on some preferences",
    {
      resourceConfig: {
        instancePreferences: [
          { instanceType: "ml.g5.xlarge", instanceCount: 1 },
          { instanceType: "ml.g6.xlarge" },
        ],
      },
    },
    "resourceConfig.instancePreferences[1].instanceCount",
  ],
  [
    "counts in both places",
    {
      resourceConfig: {
        instanceCount: 1,
        instancePreferences: [{ instanceType: "ml.g5.xlarge", instanceCount: 1 }],
      },
    },
    "resourceConfig.instanceCount",
  ],
  [
    "preferences with spot",
    { resourceConfig: { instancePreferences: [{ instanceType: "ml.g5.xlarge" }] }, spot: { maxWait: "2d" } },
    "resourceConfig.instancePreferences",
  ],
  [
    "preferences with placement",
    {
      resourceConfig: {
        instancePreferences: [{ instanceType: "ml.g5.xlarge" }],
        instancePlacementConfig: {},
      },
    },
    "resourceConfig.instancePlacementConfig",
  ],
  [
    "plans in both places",
    {
      resourceConfig: {
        instancePreferences: [{ instanceType: "ml.g5.xlarge", trainingPlanArns: [PLAN] }],
        trainingPlanArn: PLAN,
      },
    },
    "resourceConfig.instancePreferences[0].trainingPlanArns",
  ],
  [
    "a training plan with spot",
    { resourceConfig: { instanceType: "ml.p5.48xlarge", trainingPlanArn: PLAN }, spot: { maxWait: "2d" } },
    "resourceConfig.trainingPlanArn",
  ],
  [
    "a volume key with NVMe disks",
    { resourceConfig: { instanceType: "ml.g5.xlarge", volumeKmsKeyId: "1234abcd" } },
    "resourceConfig.volumeKmsKeyId",
  ],
  [
    "a volume key with a p4d",
    { resourceConfig: { instanceType: "ml.p4d.24xlarge", volumeKmsKeyId: "1234abcd" } },
    "resourceConfig.volumeKmsKeyId",
  ],
  [
    "a volume key with an r5d",
    { resourceConfig: { instanceType: "ml.r5d.large", volumeKmsKeyId: "1234abcd" } },
    "resourceConfig.volumeKmsKeyId",
  ],
  [
    "a volume key with a trn1",
    { resourceConfig: { instanceType: "ml.trn1.2xlarge", volumeKmsKeyId: "1234abcd" } },
    "resourceConfig.volumeKmsKeyId",
  ],
  [
    "a volume key with NVMe disks in a group",
    { resourceConfig: { instanceGroups: [CPU_GROUP, GPU_GROUP], volumeKmsKeyId: "1234abcd" } },
    "resourceConfig.volumeKmsKeyId",
  ],
];
