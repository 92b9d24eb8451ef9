import assert from "node:assert/strict";
import type { TrainingJobRequest } from "../../../../local/aws/sagemaker/record.ts";
import { checkRules } from "../../../../local/aws/sagemaker/rules.ts";
import { channel, resource, validRequest } from "./support.ts";

describe("the rules across fields of CreateTrainingJob", () => {
  const spot = { EnableManagedSpotTraining: true };
  const bad: [string, Partial<TrainingJobRequest>, RegExp][] = [
    [
      "a maximum wait without spot",
      { StoppingCondition: { MaxRuntimeInSeconds: 1, MaxWaitTimeInSeconds: 2 } },
      /^Invalid MaxWaitTimeInSeconds\. It is only supported when EnableManagedSpotTraining is set to true$/,
    ],
    ["spot without a maximum wait", spot, /^Invalid MaxWaitTimeInSeconds\. It must be present/],
    [
      "a wait shorter than the run",
      { ...spot, StoppingCondition: { MaxRuntimeInSeconds: 3, MaxWaitTimeInSeconds: 2 } },
      /^Invalid MaxWaitTimeInSeconds/,
    ],
    [
      "more than 28 days",
      { StoppingCondition: { MaxRuntimeInSeconds: 2_419_201 } },
      /^MaxRuntimeInSeconds cannot/,
    ],
    [
      "a warm pool of spot instances",
      {
        ...spot,
        StoppingCondition: { MaxRuntimeInSeconds: 1, MaxWaitTimeInSeconds: 1 },
        ResourceConfig: { ...resource, KeepAlivePeriodInSeconds: 60 },
      },
      /^KeepAlivePeriodInSeconds is not supported when EnableManagedSpotTraining/,
    ],
    [
      "a volume key on local NVMe",
      { ResourceConfig: { ...resource, InstanceType: "ml.g5.xlarge", VolumeKmsKeyId: "k" } },
      /^VolumeKmsKeyId is not supported for instance type ml\.g5\.xlarge/,
    ],
    ["no resources", { ResourceConfig: undefined }, /^ResourceConfig is required/],
    [
      "no count",
      { ResourceConfig: { ...resource, InstanceCount: undefined } },
      /^InstanceType and InstanceCount/,
    ],
    [
      "groups beside a type",
      {
        ResourceConfig: {
          ...resource,
          InstanceGroups: [{ InstanceGroupName: "a", InstanceType: "ml.m5.large", InstanceCount: 1 }],
        },
      },
      /^InstanceGroups cannot be combined/,
    ],
    [
      "a wait shorter than the run, with retries",
      {
        RetryStrategy: { MaximumRetryAttempts: 2 },
        StoppingCondition: { MaxRuntimeInSeconds: 3, MaxWaitTimeInSeconds: 2 },
      },
      /^Invalid MaxWaitTimeInSeconds\. It must be present/,
    ],
    ["a channel that leads out", { InputDataConfig: [channel("..")] }, /^Invalid channel name: \.\.$/],
    [
      "a channel of an instance group that is not there",
      {
        InputDataConfig: [
          channel("a", { S3DataType: "S3Prefix", S3Uri: "s3://b/p", InstanceGroupNames: ["x"] }),
        ],
      },
      /^InstanceGroupNames of a channel must be those of InstanceGroups in ResourceConfig: x$/,
    ],
    ["no instance", { ResourceConfig: { ...resource, InstanceCount: 0 } }, /^InstanceCount .* equal to 1\.$/],
    [
      "a group without an instance",
      {
        ResourceConfig: {
          InstanceGroups: [{ InstanceGroupName: "a", InstanceType: "ml.m5.large", InstanceCount: 0 }],
        },
      },
      /^InstanceCount .* equal to 1\.$/,
    ],
    [
      "a warm pool of more than an hour",
      { ResourceConfig: { ...resource, KeepAlivePeriodInSeconds: 3601 } },
      /^KeepAlivePeriodInSeconds cannot be greater than 3600/,
    ],
    [
      "preferences beside a type",
      { ResourceConfig: { ...resource, InstancePreferences: [{ InstanceType: "ml.g5.xlarge" }] } },
      /^InstancePreferences cannot be combined with InstanceType/,
    ],
    [
      "preferences of spot instances",
      {
        ...spot,
        StoppingCondition: { MaxRuntimeInSeconds: 1, MaxWaitTimeInSeconds: 1 },
        ResourceConfig: { InstanceCount: 1, InstancePreferences: [{ InstanceType: "ml.g5.xlarge" }] },
      },
      /^InstancePreferences is not supported when EnableManagedSpotTraining/,
    ],
    [
      "preferences without a count",
      { ResourceConfig: { InstancePreferences: [{ InstanceType: "ml.g5.xlarge" }] } },
      /^InstanceCount is required in every InstancePreference/,
    ],
    [
      "counts in some preferences only",
      {
        ResourceConfig: {
          InstancePreferences: [
            { InstanceType: "ml.g5.xlarge", InstanceCount: 1 },
            { InstanceType: "ml.g6.xlarge" },
          ],
        },
      },
      /^InstanceCount is required in every InstancePreference/,
    ],
    [
      "a private registry without VPC",
      {
        AlgorithmSpecification: {
          TrainingImage: "a/b",
          TrainingInputMode: "File",
          TrainingImageConfig: { TrainingRepositoryAccessMode: "Vpc" },
        },
      },
      /^VpcConfig is required/,
    ],
    [
      "compression in File mode",
      { InputDataConfig: [{ ...(channel("a") as object), CompressionType: "Gzip" } as never] },
      /^Invalid compression type for channel a: File mode only supports NONE, got Gzip instead$/,
    ],
    [
      "compression in a channel in Pipe mode while the job's mode is File",
      {
        InputDataConfig: [
          { ...(channel("a") as object), CompressionType: "Gzip", InputMode: "Pipe" } as never,
        ],
      },
      /^Invalid compression type for channel a: File mode only supports NONE, got Gzip instead$/,
    ],
    [
      "RecordIO in File mode",
      { InputDataConfig: [{ ...(channel("a") as object), RecordWrapperType: "RecordIO" } as never] },
      /^Invalid record wrapper type for channel a/,
    ],
    [
      "a serverless job with an algorithm",
      { ResourceConfig: undefined, ServerlessJobConfig: { BaseModelArn: "arn", JobType: "FineTuning" } },
      /^AlgorithmSpecification cannot be combined with ServerlessJobConfig/,
    ],
    [
      "an expression that captures nothing",
      {
        AlgorithmSpecification: {
          TrainingImage: "a",
          TrainingInputMode: "File",
          MetricDefinitions: [{ Name: "m", Regex: "loss=[0-9]+" }],
        },
      },
      /^Invalid regular expression in the metric definition m: loss/,
    ],
    ["no algorithm", { AlgorithmSpecification: undefined }, /^AlgorithmSpecification is required/],
    [
      "an image and a name",
      { AlgorithmSpecification: { TrainingImage: "a", AlgorithmName: "b", TrainingInputMode: "File" } },
      /^You must provide either TrainingImage or AlgorithmName/,
    ],
    [
      "a channel twice",
      { InputDataConfig: [channel("a"), channel("a")] },
      /^Channel names must be unique; a /,
    ],
    [
      "an augmented manifest as files",
      { InputDataConfig: [channel("a", { S3DataType: "AugmentedManifestFile", S3Uri: "s3://b/m" })] },
      /^AugmentedManifestFile of channel a/,
    ],
    [
      "a broken regular expression",
      {
        AlgorithmSpecification: {
          TrainingImage: "a",
          TrainingInputMode: "File",
          MetricDefinitions: [{ Name: "m", Regex: "(" }],
        },
      },
      /^Invalid regular expression in the metric definition m: \($/,
    ],
  ];
  for (const [what, change, message] of bad) {
    it(`refuse ${what}`, () => {
      assert.throws(() => checkRules(validRequest(change), []), { code: "ValidationException", message });
    });
  }

  it("refuse a tag twice and the prefix of AWS", () => {
    const twice = [
      { Key: "a", Value: "1" },
      { Key: "a", Value: "2" },
    ];
    assert.throws(() => checkRules(validRequest(), twice), { message: /^Duplicate tag keys found/ });
    assert.throws(() => checkRules(validRequest(), [{ Key: "AWS:x", Value: "" }]), {
      message: /must not begin/,
    });
  });

  it("pass what is right", () => {
    for (const change of [
      {},
      { ...spot, StoppingCondition: { MaxRuntimeInSeconds: 2, MaxWaitTimeInSeconds: 2 } },
      { StoppingCondition: undefined },
      {
        RetryStrategy: { MaximumRetryAttempts: 2 },
        StoppingCondition: { MaxRuntimeInSeconds: 2, MaxWaitTimeInSeconds: 2 },
      },
      { ResourceConfig: { InstanceCount: 2, InstancePreferences: [{ InstanceType: "ml.g5.xlarge" }] } },
      {
        ResourceConfig: {
          InstancePreferences: [
            { InstanceType: "ml.g5.xlarge", InstanceCount: 4 },
            { InstanceType: "ml.g5.12xlarge", InstanceCount: 1 },
          ],
        },
      },
      {
        AlgorithmSpecification: undefined,
        ResourceConfig: undefined,
        ServerlessJobConfig: { BaseModelArn: "arn", JobType: "FineTuning" },
      },
      { ResourceConfig: { ...resource, VolumeKmsKeyId: "k", KeepAlivePeriodInSeconds: 60 } },
      { InputDataConfig: [channel("a"), channel("b")] },
    ] as Partial<TrainingJobRequest>[]) {
      assert.doesNotThrow(() => checkRules(validRequest(change), [{ Key: "a", Value: "1" }]));
    }
  });
});
