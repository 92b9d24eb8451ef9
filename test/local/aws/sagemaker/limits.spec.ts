import assert from "node:assert/strict";
import type { TrainingJobRequest } from "../../../../local/aws/sagemaker/record.ts";
import { checkLocalLimits, checkQuota } from "../../../../local/aws/sagemaker/rules.ts";
import { channel, resource, validRequest } from "./support.ts";

describe("the limits of the local SageMaker", () => {
  const image = (TrainingImage: string) => ({
    AlgorithmSpecification: { TrainingImage, TrainingInputMode: "File" as const },
  });
  for (const name of [
    "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4.0-gpu-py311",
    "pytorch-training@sha256:0123",
    "pytorch-training:2.4.0",
  ]) {
    it(`run ${name}`, () => assert.doesNotThrow(() => checkLocalLimits(validRequest(image(name)))));
  }
  for (const name of ["x/tensorflow-training:2", "x/my-pytorch-training-fork:1", "pytorch-training"]) {
    it(`refuse ${name}`, () => {
      assert.throws(() => checkLocalLimits(validRequest(image(name))), {
        message: /runs the AWS PyTorch training/,
      });
    });
  }

  it("refuse more instances than one machine should run", () => {
    const count = (InstanceCount: number) => validRequest({ ResourceConfig: { ...resource, InstanceCount } });
    assert.throws(() => checkLocalLimits(count(21)), {
      code: "ResourceLimitExceeded",
      message: /up to 20 instances/,
    });
    assert.doesNotThrow(() => checkLocalLimits(count(20)));
  });

  it("refuse what has no machines here, and an expression that cannot be read here", () => {
    const refuse = (change: Partial<TrainingJobRequest>, message: RegExp) =>
      assert.throws(() => checkLocalLimits(validRequest(change)), { code: "ValidationException", message });
    refuse(
      { ServerlessJobConfig: { BaseModelArn: "arn", JobType: "FineTuning" } },
      /^The local SageMaker cannot run serverless jobs/,
    );
    const { AlgorithmSpecification } = image("pytorch-training:2.4.0");
    const MetricDefinitions = [{ Name: "m", Regex: "loss=\\h*(.)" }];
    refuse(
      { AlgorithmSpecification: { ...AlgorithmSpecification, MetricDefinitions } },
      /cannot read the expression of the metric m \(JavaScript lacks \\h\)/,
    );
  });

  it("refuse checkpoints outside /opt/ml, which all jobs would share", () => {
    const check = (LocalPath?: string) => () =>
      checkLocalLimits(validRequest({ CheckpointConfig: { S3Uri: "s3://b/c", LocalPath } }));
    for (const inside of [undefined, "/opt/ml/checkpoints", "/opt/ml/checkpoints/", "/opt/ml/a/..b"]) {
      assert.doesNotThrow(check(inside));
    }
    for (const outside of [
      "/tmp/shared",
      "checkpoints",
      "/opt/ml",
      "/opt/ml/",
      "/opt/mlx/a",
      "/opt/ml/../../tmp",
      "/opt/ml/a/..",
    ]) {
      assert.throws(check(outside), {
        code: "ValidationException",
        message: /keeps checkpoints below \/opt\/ml/,
      });
    }
  });

  it("refuse what no process can be given", () => {
    const spec = validRequest().AlgorithmSpecification;
    for (const change of [
      { Environment: { MODE: "a\0b" } },
      { HyperParameters: { MODE: "a\0b" } },
      { AlgorithmSpecification: { ...spec, ContainerEntrypoint: ["MODE", "a\0b"] } },
      { AlgorithmSpecification: { ...spec, ContainerArguments: ["a\0b MODE"] } },
    ] as Partial<TrainingJobRequest>[]) {
      assert.throws(() => checkLocalLimits(validRequest(change)), {
        code: "ValidationException",
        message: /null byte/,
      });
    }
  });

  it("refuse pipes and file systems, and say what to do", () => {
    const refuse = (change: Partial<TrainingJobRequest>, message: RegExp) =>
      assert.throws(() => checkLocalLimits(validRequest(change)), { code: "ValidationException", message });
    refuse(
      { InputDataConfig: [{ ...(channel("a") as object), InputMode: "Pipe" } as never] },
      /use the File or FastFile/,
    );
    const hub = { HubContentArn: "arn:aws:sagemaker:us-east-1:aws:hub-content/h/Model/x/1.0.0" };
    refuse(
      {
        InputDataConfig: [channel("h", { S3DataType: "S3Prefix", S3Uri: "s3://b/p", HubAccessConfig: hub })],
      },
      /hub/,
    );
    refuse(
      { InputDataConfig: [{ ChannelName: "fs", DataSource: { FileSystemDataSource: {} as never } }] },
      /from S3 only/,
    );
  });
});

describe("quotas", () => {
  it("refuse what exceeds them, in the service's words", () => {
    assert.throws(() => checkQuota("ml.g5.xlarge", 2, 1, 2), {
      code: "ResourceLimitExceeded",
      message:
        /^The account-level service limit 'ml\.g5\.xlarge for training job usage' is 2 Instances, with current utilization of 1 Instances and a request delta of 2 Instances\./,
    });
    assert.doesNotThrow(() => checkQuota("ml.g5.xlarge", 2, 1, 1));
    assert.doesNotThrow(() => checkQuota("ml.g5.xlarge", undefined, 100, 100));
  });
});
