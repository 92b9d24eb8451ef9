import assert from "node:assert/strict";
import { diffInputs } from "../../../../local/provider/diff.ts";
import {
  endpoint,
  endpointConfiguration,
  model,
} from "../../../../local/provider/resources/sagemaker/hosting.ts";
import { trainingJob } from "../../../../local/provider/resources/sagemaker/trainingJob.ts";
import { unknownValue } from "../../../../local/provider/values.ts";
import { awsError, fakeAws, inputsOf } from "../support/fakeAws.ts";

const job = {
  trainingJobName: "j",
  roleArn: "arn:role",
  algorithmSpecification: {
    trainingImage: "image",
    trainingInputMode: "File",
    containerEntrypoints: ["python"],
    enableSagemakerMetricsTimeSeries: true,
    metricDefinitions: [{ name: "loss", regex: "loss=(.*)" }],
  },
  hyperParameters: { learning_rate: "0.1", Upper: "x" },
  environment: { MY_VAR: "1", lower: "2" },
  inputDataConfigs: [
    { channelName: "train", dataSource: { s3DataSource: { s3DataType: "S3Prefix", s3Uri: "s3://b/t" } } },
  ],
  outputDataConfig: { s3OutputPath: "s3://b/out" },
  resourceConfig: { instanceType: "ml.g5.xlarge", instanceCount: 1, volumeSizeInGb: 30 },
  stoppingCondition: { maxRuntimeInSeconds: 60 },
  enableManagedSpotTraining: true,
};

const api = {
  TrainingJobName: "j",
  RoleArn: "arn:role",
  AlgorithmSpecification: {
    TrainingImage: "image",
    TrainingInputMode: "File",
    ContainerEntrypoint: ["python"],
    EnableSageMakerMetricsTimeSeries: true,
    MetricDefinitions: [{ Name: "loss", Regex: "loss=(.*)" }],
  },
  HyperParameters: { learning_rate: "0.1", Upper: "x" },
  Environment: { MY_VAR: "1", lower: "2" },
  InputDataConfig: [
    { ChannelName: "train", DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: "s3://b/t" } } },
  ],
  OutputDataConfig: { S3OutputPath: "s3://b/out" },
  ResourceConfig: { InstanceType: "ml.g5.xlarge", InstanceCount: 1, VolumeSizeInGB: 30 },
  StoppingCondition: { MaxRuntimeInSeconds: 60 },
  EnableManagedSpotTraining: true,
};

describe("aws.sagemaker.TrainingJob", () => {
  it("creates the job that the program describes", async () => {
    const aws = fakeAws();
    const local = { region: "us-east-1", timeouts: { create: "1h" }, __defaults: ["region"] };
    await trainingJob.create(aws, { ...job, ...local, tags: { a: "1" } });
    assert.deepEqual(inputsOf(aws, "sagemaker.createTrainingJob"), [
      { ...api, Tags: [{ Key: "a", Value: "1" }] },
    ]);
  });

  it("reports the job as the program describes it, without what else the API tells", async () => {
    const described = {
      ...api,
      TrainingJobArn: "arn:j",
      TrainingJobStatus: "InProgress",
      CreationTime: new Date(0),
    };
    const aws = fakeAws({ "sagemaker.describeTrainingJob": described });
    assert.deepEqual(await trainingJob.read(aws, "j", {}), { ...job, arn: "arn:j", tags: {} });
  });

  it("is replaced for anything but its warm pool, profiling and tags", () => {
    const change = (news: object) => diffInputs(trainingJob, job, { ...job, ...news });
    assert.equal(
      change({ resourceConfig: { ...job.resourceConfig, keepAlivePeriodInSeconds: 60 } }).replaces,
      false,
    );
    assert.equal(change({ tags: { a: "1" } }).replaces, false);
    assert.equal(change({ profilerConfig: { disableProfiler: true } }).replaces, false);
    assert.equal(change({ resourceConfig: { ...job.resourceConfig, instanceCount: 2 } }).replaces, true);
    assert.equal(change({ hyperParameters: { learning_rate: "0.2" } }).replaces, true);
    assert.equal(change({ enableManagedSpotTraining: false }).replaces, true);
  });

  it("shortens the warm pool in place", async () => {
    const aws = fakeAws();
    const news = { ...job, resourceConfig: { ...job.resourceConfig, keepAlivePeriodInSeconds: 60 } };
    await trainingJob.update?.(aws, "j", {
      olds: job,
      news,
      changed: (...names) => names.includes("resourceConfig"),
    });
    assert.deepEqual(inputsOf(aws, "sagemaker.updateTrainingJob"), [
      { TrainingJobName: "j", ResourceConfig: { KeepAlivePeriodInSeconds: 60 } },
    ]);
  });

  it("accepts the names that SageMaker accepts", () => {
    const wrong = (trainingJobName: string) => trainingJob.check?.({ trainingJobName }).length;
    for (const name of ["a", "a-b", "A1", "x".repeat(63), unknownValue]) assert.equal(wrong(name), 0, name);
    for (const name of ["", "-a", "a-", "a_b", "x".repeat(64)]) assert.equal(wrong(name), 1, name);
  });

  it("stops a running job before it deletes it, and forgets one that is gone", async () => {
    const states = ["InProgress", "Stopped"];
    const running = fakeAws({
      "sagemaker.describeTrainingJob": () => ({ TrainingJobStatus: states.shift() }),
    });
    await trainingJob.delete(running, "j", {});
    assert.deepEqual(
      running.calls.map((call) => call.operation.replace("sagemaker.", "")),
      ["describeTrainingJob", "stopTrainingJob", "describeTrainingJob", "deleteTrainingJob"],
    );
    const gone = fakeAws({
      "sagemaker.describeTrainingJob": awsError("ValidationException", "Requested resource not found."),
    });
    await trainingJob.delete(gone, "j", {});
    assert.equal(inputsOf(gone, "sagemaker.deleteTrainingJob").length, 0);
  });
});

describe("the stop of a job that is deleted", () => {
  const deleted = async (answer: Error, after: string) => {
    const states = ["InProgress", after];
    const aws = fakeAws({
      "sagemaker.describeTrainingJob": () => ({ TrainingJobStatus: states.shift() }),
      "sagemaker.stopTrainingJob": answer,
    });
    await trainingJob.delete(aws, "j", {});
    return inputsOf(aws, "sagemaker.deleteTrainingJob").length;
  };

  it("is not needed any more where the job has ended meanwhile", async () => {
    const message = "The request was rejected because the training job is in status Completed.";
    assert.equal(await deleted(awsError("ValidationException", message), "Completed"), 1);
  });

  it("fails where AWS refuses it for another reason", async () => {
    await assert.rejects(deleted(awsError("AccessDeniedException"), "Completed"), /AccessDeniedException/);
  });
});

describe("what serves a model", () => {
  it("creates the model with its one source as an object", async () => {
    const aws = fakeAws();
    const source = { s3DataType: "S3Object", s3Uri: "s3://b/m", compressionType: "Gzip" };
    const primaryContainer = {
      image: "i",
      environment: { lower: "1" },
      modelDataSource: { s3DataSources: [source] },
    };
    await model.create(aws, { name: "m", executionRoleArn: "arn", primaryContainer, region: "us-east-1" });
    assert.deepEqual(inputsOf(aws, "sagemaker.createModel")[0], {
      ModelName: "m",
      ExecutionRoleArn: "arn",
      PrimaryContainer: {
        Image: "i",
        Environment: { lower: "1" },
        ModelDataSource: {
          S3DataSource: { S3DataType: "S3Object", S3Uri: "s3://b/m", CompressionType: "Gzip" },
        },
      },
    });
  });

  it("creates the configuration, naming variants that have no name", async () => {
    const aws = fakeAws();
    const variant = { modelName: "m", serverlessConfig: { maxConcurrency: 1, memorySizeInMb: 2048 } };
    const inputs = {
      name: "c",
      kmsKeyArn: "k",
      productionVariants: [variant, { ...variant, variantName: "B" }],
    };
    await endpointConfiguration.create(aws, inputs);
    const api = { ModelName: "m", ServerlessConfig: { MaxConcurrency: 1, MemorySizeInMB: 2048 } };
    assert.deepEqual(inputsOf(aws, "sagemaker.createEndpointConfig")[0], {
      EndpointConfigName: "c",
      KmsKeyId: "k",
      ProductionVariants: [
        { VariantName: "variant-1", ...api },
        { VariantName: "B", ...api },
      ],
    });
  });

  it("reads both back", async () => {
    const config = {
      EndpointConfigName: "c",
      EndpointConfigArn: "arn:c",
      KmsKeyId: "k",
      ProductionVariants: [{ VariantName: "A", RoutingConfig: { RoutingStrategy: "RANDOM" } }],
      CreationTime: new Date(0),
    };
    const aws = fakeAws({ "sagemaker.describeEndpointConfig": config });
    assert.deepEqual(await endpointConfiguration.read(aws, "c", {}), {
      name: "c",
      kmsKeyArn: "k",
      productionVariants: [{ variantName: "A", routingConfigs: [{ routingStrategy: "RANDOM" }] }],
      arn: "arn:c",
      tags: {},
    });
    const missing = awsError("ValidationException", 'Could not find model "arn:m".');
    assert.equal(await model.read(fakeAws({ "sagemaker.describeModel": missing }), "m", {}), undefined);
  });

  it("fails with the endpoint's own reason, after it was created", async () => {
    const failed = { EndpointStatus: "Failed", FailureReason: "The image has no /ping" };
    const aws = fakeAws({ "sagemaker.describeEndpoint": failed });
    assert.equal(await endpoint.create(aws, { name: "e", endpointConfigName: "c" }), "e");
    await assert.rejects(
      async () => endpoint.configure?.(aws, "e", {}),
      /endpoint e failed: The image has no \/ping/,
    );
  });

  it("updates an endpoint to another configuration", async () => {
    const aws = fakeAws({ "sagemaker.describeEndpoint": { EndpointStatus: "InService" } });
    const olds = { name: "e", endpointConfigName: "c" };
    const news = { name: "e", endpointConfigName: "c2" };
    await endpoint.update?.(aws, "e", {
      olds,
      news,
      changed: (...names) => names.includes("endpointConfigName"),
    });
    assert.equal(inputsOf(aws, "sagemaker.updateEndpoint")[0].EndpointConfigName, "c2");
  });
});
