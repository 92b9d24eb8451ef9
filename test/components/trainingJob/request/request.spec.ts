import assert from "node:assert/strict";
import { checkInputs } from "../../../../components/trainingJob/check/check";
import { toRequest } from "../../../../components/trainingJob/request/request";
import { IMAGE, inputsWith, s3Channel, VPC } from "../check/cases/builders";

const REGION = { region: "eu-west-1" };

function request(change: Record<string, unknown>, tags: Record<string, string> = {}) {
  const { inputs, failures } = checkInputs(inputsWith(change));
  assert.deepEqual(failures, []);
  return toRequest(inputs, "retina-1a2b3c4d", tags, REGION);
}

describe("toRequest", () => {
  it("sends the least there is", () => {
    assert.deepEqual(request({}), {
      TrainingJobName: "retina-1a2b3c4d",
      HyperParameters: {},
      AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: "File" },
      RoleArn: "arn:aws:iam::111122223333:role/training",
      OutputDataConfig: { S3OutputPath: "s3://artifacts/retina" },
      ResourceConfig: { InstanceType: "ml.c5.xlarge", InstanceCount: 1, VolumeSizeInGB: 30 },
      StoppingCondition: { MaxRuntimeInSeconds: 86_400 },
      Tags: [],
    });
  });

  it("writes the API's names, however deep", () => {
    const sent = request({
      vpcConfig: VPC,
      outputDataConfig: { s3OutputPath: "s3://artifacts", kmsKeyId: "alias/k" },
      inputDataConfig: [s3Channel({ shuffleConfig: { seed: 7 }, fingerprint: true })],
      mlflowConfig: { mlflowResourceArn: "arn:aws:sagemaker:us-east-1:111122223333:mlflow-app/m" },
      profilerConfig: { profilingIntervalInMilliseconds: 500, disableProfiler: false },
      algorithmSpecification: { trainingImage: IMAGE, enableSageMakerMetricsTimeSeries: true },
      debugHookConfig: { s3OutputPath: "s3://d/t", collectionConfigurations: [{ collectionName: "losses" }] },
    });
    assert.deepEqual(sent.VpcConfig, { SecurityGroupIds: VPC.securityGroupIds, Subnets: VPC.subnets });
    assert.deepEqual(sent.OutputDataConfig, { S3OutputPath: "s3://artifacts", KmsKeyId: "alias/k" });
    assert.deepEqual(sent.InputDataConfig, [
      {
        ChannelName: "train",
        DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: "s3://data/train" } },
        ShuffleConfig: { Seed: 7 },
      },
    ]);
    assert.equal(sent.MlflowConfig?.MlflowResourceArn?.endsWith("/m"), true);
    assert.deepEqual(sent.ProfilerConfig, { ProfilingIntervalInMilliseconds: 500, DisableProfiler: false });
    assert.equal(sent.AlgorithmSpecification?.EnableSageMakerMetricsTimeSeries, true);
    assert.deepEqual(sent.DebugHookConfig?.CollectionConfigurations, [{ CollectionName: "losses" }]);
  });

  it("leaves free names alone", () => {
    const names = { logLevel: "x", S3Uri: "x", snake_case: "x", UPPER: "x" };
    const sent = request(
      { environment: names, hyperparameters: names, tags: names },
      { teamName: "a", "x:y": "b" },
    );
    assert.deepEqual(sent.Environment, names);
    assert.deepEqual(sent.HyperParameters, names);
    assert.deepEqual(sent.Tags, [
      { Key: "teamName", Value: "a" },
      { Key: "x:y", Value: "b" },
    ]);
  });

  it("sends nothing that the API does not know", () => {
    const sent = request({
      runId: "2",
      onCancel: "stop",
      deletePolicy: "delete",
      adopt: "other",
      logUrn: "urn",
      project: "p",
      stack: "s",
      __provider: "code",
      maxRun: "1h",
      spot: { maxWait: "2h", fallback: "on-demand" },
    });
    assert.deepEqual(Object.keys(sent).sort(), [
      "AlgorithmSpecification",
      "CheckpointConfig",
      "EnableManagedSpotTraining",
      "HyperParameters",
      "OutputDataConfig",
      "ResourceConfig",
      "RoleArn",
      "StoppingCondition",
      "Tags",
      "TrainingJobName",
    ]);
    assert.deepEqual(sent.StoppingCondition, { MaxRuntimeInSeconds: 3600, MaxWaitTimeInSeconds: 7200 });
  });

  it("gives every attempt at an experiment the same checkpoints", () => {
    const { inputs } = checkInputs(inputsWith({ spot: { maxWait: "1d" } }));
    const checkpoints = (name: string, checkpointName?: string) =>
      toRequest(inputs, name, {}, { ...REGION, checkpointName }).CheckpointConfig;
    const expected = {
      S3Uri: "s3://artifacts/retina/retina-1/checkpoints",
      LocalPath: "/opt/ml/checkpoints",
    };
    assert.deepEqual(checkpoints("retina-1"), expected);
    assert.deepEqual(checkpoints("retina-1-2-od", "retina-1"), expected);
  });
});
