import assert from "node:assert/strict";
import { describe as describeJob } from "../../../../local/aws/sagemaker/describe.ts";
import type { TrainingJobRequest } from "../../../../local/aws/sagemaker/record.ts";
import { record, validRequest } from "./support.ts";

const answer = (overrides: Partial<TrainingJobRequest> = {}) =>
  describeJob(record("job", { request: validRequest(overrides) }), 2000);
const at = (value: unknown, path: string): unknown =>
  path.split(".").reduce((inner, step) => (inner as Record<string, unknown>)?.[step], value);

const channel = (more: object = {}) => ({
  InputDataConfig: [
    {
      ChannelName: "a",
      DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: "s3://b/p", ...more } },
    },
  ] as never,
});
const hook = { DebugHookConfig: { S3OutputPath: "s3://b/debug" } };
const rule = [{ RuleConfigurationName: "r", RuleEvaluatorImage: "i" }];

describe("DescribeTrainingJob", () => {
  const filled: [what: string, request: Partial<TrainingJobRequest>, path: string, value: unknown][] = [
    ["no channels", {}, "InputDataConfig", []],
    ["a channel's compression", channel(), "InputDataConfig.0.CompressionType", "None"],
    ["a channel's record wrapper", channel(), "InputDataConfig.0.RecordWrapperType", "None"],
    [
      "a channel's distribution",
      channel(),
      "InputDataConfig.0.DataSource.S3DataSource.S3DataDistributionType",
      "FullyReplicated",
    ],
    ["no key of the output", {}, "OutputDataConfig.KmsKeyId", ""],
    ["the output's compression", {}, "OutputDataConfig.CompressionType", "GZIP"],
    ["the longest run", { StoppingCondition: undefined }, "StoppingCondition.MaxRuntimeInSeconds", 86_400],
    ["time series of metrics", {}, "AlgorithmSpecification.EnableSageMakerMetricsTimeSeries", true],
    ["no isolation", {}, "EnableNetworkIsolation", false],
    ["no encryption between hosts", {}, "EnableInterContainerTrafficEncryption", false],
    ["no spot", {}, "EnableManagedSpotTraining", false],
    ["no collections", hook, "DebugHookConfig.CollectionConfigurations", []],
    [
      "the volume of a debugger rule",
      { DebugRuleConfigurations: rule },
      "DebugRuleConfigurations.0.VolumeSizeInGB",
      0,
    ],
    [
      "the volume of a profiler rule",
      { ProfilerRuleConfigurations: rule },
      "ProfilerRuleConfigurations.0.VolumeSizeInGB",
      0,
    ],
    [
      "the profiler's interval",
      { ProfilerConfig: {} },
      "ProfilerConfig.ProfilingIntervalInMilliseconds",
      500,
    ],
    ["that the profiler is on", { ProfilerConfig: {} }, "ProfilerConfig.DisableProfiler", false],
    ["the profiler's status", { ProfilerConfig: {} }, "ProfilingStatus", "Enabled"],
    ["that a profiler is off", { ProfilerConfig: { DisableProfiler: true } }, "ProfilingStatus", "Disabled"],
    ["that there is no profiler", {}, "ProfilingStatus", "Disabled"],
  ];
  for (const [what, request, path, value] of filled) {
    it(`fills in ${what}`, () => assert.deepEqual(at(answer(request), path), value));
  }

  it("keeps what the request said", () => {
    const asked: Partial<TrainingJobRequest> = {
      ...channel({ S3DataDistributionType: "ShardedByS3Key" }),
      OutputDataConfig: { S3OutputPath: "s3://b/o", KmsKeyId: "alias/k", CompressionType: "NONE" },
      EnableNetworkIsolation: true,
      StoppingCondition: { MaxRuntimeInSeconds: 60 },
    };
    const said = answer(asked);
    assert.deepEqual(said.OutputDataConfig, asked.OutputDataConfig);
    assert.deepEqual(said.StoppingCondition, asked.StoppingCondition);
    assert.equal(said.EnableNetworkIsolation, true);
    assert.equal(
      at(said, "InputDataConfig.0.DataSource.S3DataSource.S3DataDistributionType"),
      "ShardedByS3Key",
    );
  });

  // The answer to a request without any optional member, member for member as the service gives it.
  it("answers a bare request with what the service always says, and with no more", () => {
    const bare: TrainingJobRequest = {
      TrainingJobName: "job",
      RoleArn: "arn:aws:iam::000000000000:role/r",
      AlgorithmSpecification: { TrainingImage: "x/pytorch-training:2.4.0", TrainingInputMode: "File" },
      OutputDataConfig: { S3OutputPath: "s3://b/o" },
      ResourceConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 1 },
      StoppingCondition: {},
    };
    const said = describeJob(record("job", { request: bare }), 2000);
    assert.deepEqual(JSON.parse(JSON.stringify(said)), {
      TrainingJobName: "job",
      TrainingJobArn: "arn:aws:sagemaker:us-east-1:000000000000:training-job/job",
      TrainingJobStatus: "InProgress",
      SecondaryStatus: "Starting",
      AlgorithmSpecification: {
        TrainingImage: "x/pytorch-training:2.4.0",
        TrainingInputMode: "File",
        EnableSageMakerMetricsTimeSeries: true,
      },
      RoleArn: "arn:aws:iam::000000000000:role/r",
      InputDataConfig: [],
      OutputDataConfig: { S3OutputPath: "s3://b/o", KmsKeyId: "", CompressionType: "GZIP" },
      ResourceConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 1 },
      StoppingCondition: { MaxRuntimeInSeconds: 86_400 },
      CreationTime: 1,
      LastModifiedTime: 1,
      SecondaryStatusTransitions: [
        { Status: "Starting", StartTime: 1, StatusMessage: "Starting the training job" },
      ],
      EnableNetworkIsolation: false,
      EnableInterContainerTrafficEncryption: false,
      EnableManagedSpotTraining: false,
      ProfilingStatus: "Disabled",
    });
  });

  it("fills in nothing for the job itself", () => {
    const job = record("job");
    const before = structuredClone(job.request);
    describeJob(job, 2000);
    assert.deepEqual(job.request, before);
  });
});
