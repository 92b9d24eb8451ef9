import assert from "node:assert/strict";
import { compilePattern, serviceModel } from "../../../../../local/aws/sagemaker/model/model.ts";
import { findViolations, validateRequest } from "../../../../../local/aws/sagemaker/model/validate.ts";
import { validRequest } from "../support.ts";

const create = (change: Record<string, unknown>) =>
  findViolations("CreateTrainingJob", { ...validRequest(), ...change });

const channel = (change: Record<string, unknown>) => ({
  ChannelName: "train",
  DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: "s3://b/p" } },
  ...change,
});

describe("validation against the service model", () => {
  it("passes a valid request", () => {
    assert.deepEqual(create({}), []);
  });

  const violations: [string, Record<string, unknown>, string][] = [
    [
      "a name with a bad character",
      { TrainingJobName: "a_b" },
      "Value 'a_b' at 'trainingJobName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}",
    ],
    [
      "a missing role",
      { RoleArn: undefined },
      "Value null at 'roleArn' failed to satisfy constraint: Member must not be null",
    ],
    [
      "a short role",
      { RoleArn: "arn:aws:iam::1:role/x" },
      "Value 'arn:aws:iam::1:role/x' at 'roleArn' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:aws[a-z\\-]*:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+",
    ],
    [
      "a run time of nothing",
      { StoppingCondition: { MaxRuntimeInSeconds: 0 } },
      "Value '0' at 'stoppingCondition.maxRuntimeInSeconds' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      "a keep-alive that is too long",
      { ResourceConfig: { InstanceType: "ml.g5.xlarge", InstanceCount: 1, KeepAlivePeriodInSeconds: 21601 } },
      "Value '21601' at 'resourceConfig.keepAlivePeriodInSeconds' failed to satisfy constraint: Member must have value less than or equal to 21600",
    ],
    [
      "a hyperparameter with a line break",
      { HyperParameters: { a: "1\n2" } },
      "Value '{a=1\n2}' at 'hyperParameters' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 2500, Member must have length greater than or equal to 0, Member must satisfy regular expression pattern: .*]",
    ],
    [
      "a bad environment name",
      { Environment: { "1A": "x" } },
      "Value '{1A=x}' at 'environment' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 512, Member must have length greater than or equal to 0, Member must satisfy regular expression pattern: [a-zA-Z_][a-zA-Z0-9_]*]",
    ],
    [
      "a bad channel name, counted from one",
      { InputDataConfig: [channel({}), channel({ ChannelName: "a b" })] },
      "Value 'a b' at 'inputDataConfig.2.member.channelName' failed to satisfy constraint: Member must satisfy regular expression pattern: [A-Za-z0-9\\.\\-_]+",
    ],
    [
      "no channel in a list of channels",
      { InputDataConfig: [] },
      "Value '[]' at 'inputDataConfig' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      "an unknown mode",
      { InputDataConfig: [channel({ InputMode: "Slow" })] },
      "Value 'Slow' at 'inputDataConfig.1.member.inputMode' failed to satisfy constraint: Member must satisfy enum value set: [Pipe, File, FastFile]",
    ],
  ];
  for (const [what, change, message] of violations) {
    it(`words ${what} as SageMaker does`, () => {
      assert.deepEqual(create(change), [message]);
    });
  }

  it("counts characters and not UTF-16 units", () => {
    assert.deepEqual(create({ HyperParameters: { a: "\u{1F600}".repeat(2500) } }), []);
  });

  it("reports all violations in one exception", () => {
    const input = { ...validRequest(), TrainingJobName: "a_b", OutputDataConfig: undefined };
    assert.throws(() => validateRequest("CreateTrainingJob", input), {
      code: "ValidationException",
      status: 400,
      message: /^2 validation errors detected: Value 'a_b' at .*; Value null at 'outputDataConfig'/,
    });
  });

  const wrongTypes: [string, Record<string, unknown>][] = [
    ["a number for a string", { HyperParameters: { epochs: 3 } }],
    [
      "a fraction for a whole number",
      { ResourceConfig: { InstanceType: "ml.g5.xlarge", InstanceCount: 1.5 } },
    ],
    ["a string for a number", { StoppingCondition: { MaxRuntimeInSeconds: "60" } }],
    ["a map for a list", { InputDataConfig: {} }],
    ["a string for a boolean", { EnableManagedSpotTraining: "true" }],
  ];
  for (const [what, change] of wrongTypes) {
    it(`refuses ${what} before looking at anything else`, () => {
      assert.throws(() => create(change), { code: "SerializationException" });
    });
  }

  it("ignores members that the model does not know, as awsJson1_1 does", () => {
    assert.deepEqual(create({ SomethingNew: 1 }), []);
  });

  it("understands every pattern of the model", () => {
    const patterns = Object.values(serviceModel.shapes).flatMap((shape) => shape.pattern ?? []);
    assert.ok(patterns.length >= 30);
    assert.deepEqual(
      patterns.filter((pattern) => compilePattern(pattern) === undefined),
      [],
    );
  });
});
