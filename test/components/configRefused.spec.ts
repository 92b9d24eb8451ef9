import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { load, stack } from "./support/stackConfig";

describe("configuration that is not valid is refused", () => {
  const faults = (changes: Record<string, string>): string => {
    try {
      load(stack(changes));
    } catch (error) {
      assert.ok(pulumi.RunError.isInstance(error), "shown without a stack trace");
      return error.message;
    }
    return assert.fail("it should have been refused");
  };

  it("with every fault at once, each by its key", () => {
    const message = faults({
      train: "/data/train",
      maxRun: "soon",
      spot: "maybe",
      instanceCount: "0",
      typo: "1",
    });
    for (const key of ["train", "maxRun", "spot", "instanceCount"]) {
      assert.match(message, new RegExp(`^ {2}training:${key}: `, "m"));
    }
    assert.match(message, /typo/);
    assert.match(message, /README\.md/);
  });

  for (const [key, value] of Object.entries({
    experiment: "-dense",
    train: "data/train",
    val: "s3://",
    sourceDir: "",
    entryPoint: "",
    hyperparameters: '{"nothing": null}',
    environment: '{"A": [1]}',
    distribution: "mpi",
    metrics: "[1]",
    fingerprintData: "yes",
    instanceType: "",
    instanceCount: "1.5",
    maxRun: "2 fortnights",
    maxWait: "-1",
    fallback: "ondemand",
    keepAlive: "x",
    onCancel: "ask",
    deletePolicy: "keep",
    livePrices: "sometimes",
    imageUri: "pytorch:latest",
    permissionsBoundary: "boundary",
    dataKmsKeyArns: '["1234"]',
    kmsKeyArn: "arn:aws:kms:us-east-1:111122223333:alias/training", // no policy on an alias lets the role use its key
    subnets: "subnet-1",
    securityGroupIds: "[1]",
    networkIsolation: "1",
    tags: '"team"',
  })) {
    it(`for ${key} ${value || "(empty)"}`, () => {
      assert.match(faults({ [key]: value }), new RegExp(`^ {2}training:${key}\\b.*: `, "m"));
    });
  }

  it("saying what a value may be, where it may be several things", () => {
    assert.match(faults({ hyperparameters: "{epochs: 2}" }), /hyperparameters: use a map .* JSON/);
    assert.match(faults({ hyperparameters: '{"a": null}' }), /hyperparameters\.a: use a text, a number/);
    assert.match(faults({ maxRun: "soon" }), /maxRun: use .*2h/);
  });

  for (const [key, value, says] of [
    ["spot", "yes", "use true or false"],
    ["spot", "", "use true or false"],
    ["instanceCount", "two", "use a number"],
    ["instanceCount", "1.5", "use a whole number"],
    ["instanceCount", "0", "must be more than 0"],
    ["notify", "me@example.org", "use a list, such as [a, b], in YAML or as JSON"],
    ["subnets", "subnet-1,subnet-2", "use a list, such as [a, b], in YAML or as JSON"],
    ["subnets", "[1]", "use a text"],
    ["subnets", '[""]', "must not be empty"],
    ["sourceDir", "", "must not be empty"],
    [
      "distribution",
      "TorchDistributed",
      "use none, torchDistributed or pytorchddp; did you mean torchDistributed?",
    ],
    ["onCancel", "kill", "use detach or stop"],
    ["fallback", "ondemand", "use none or on-demand; did you mean on-demand?"],
    ["roleArn", "MyRole", "use the ARN of a role"],
    ["roleArn", "arn:aws:iam::111122223333:user/me", "use the ARN of a role"],
    ["bucketName", "s3://mine/here", "use the name of a bucket, without s3:// and without a folder"],
    ["bucketName", "arn:aws:s3:::mine", "use the name of a bucket, without s3:// and without a folder"],
    [
      "imageRepository",
      "111122223333.dkr.ecr.us-east-1.amazonaws.com/mine",
      "use the repository's name alone; a whole path goes into training:imageUri",
    ],
    [
      "imageRepository",
      "mine:v1",
      "use the repository's name alone; a whole path goes into training:imageUri",
    ],
    ["imageTag", "sha256:0123", "use a tag; a digest goes into training:imageUri, behind @"],
    ["pythonVersion", "py310", "the image of PyTorch 2.4.0 has py311, not py310: leave pythonVersion out"],
    ["hyperparameters", '{"--lr": 1}', "leave the dashes out: the script is given --lr"],
    ["hyperparameters", '{"": 1}', "has a name without letters"],
  ]) {
    it(`for ${key} ${value || "(empty)"}, in plain words`, () => {
      const [fault = ""] = faults({ [key]: value }).match(new RegExp(`^ {2}training:${key}\\b.*`, "m")) ?? [];
      assert.ok(fault.includes(says), fault);
      assert.doesNotMatch(fault, /Invalid|Too|expected|received|>=/);
    });
  }

  it("for several experiments too, in plain words", () => {
    const metrics = '{"loss": "a"}';
    assert.match(
      faults({ metrics, experiments: '{"a": {"spot": "no", "instanceType": ""}}' }),
      /experiments\.a\.instanceType: must not be empty\n.*experiments\.a\.spot: use true or false/,
    );
    assert.match(faults({ metrics, grid: '{"spot": ["no", true]}' }), /spot: use true or false/);
    const halving = '{"epochs": [1, 2], "kep": 2}';
    assert.match(
      faults({ metrics, halving, grid: '{"lr": [1, 2]}' }),
      /halving: has no kep: use epochs, keep and argument/,
    );
  });

  const spotOff = { spot: "false" };
  const role = { roleArn: "arn:aws:iam::1:role/theirs" };
  const own = { imageRepository: "team/trainer", imageTag: "v1" };
  const uri = { imageUri: "111122223333.dkr.ecr.us-east-1.amazonaws.com/a:b" };
  const list = '["arn:aws:kms:us-east-1:111122223333:key/1"]';
  for (const [key, other, changes] of [
    ["securityGroupIds", "subnets", { securityGroupIds: '["sg-1"]' }],
    ["subnets", "securityGroupIds", { subnets: '["subnet-1"]' }],
    ["imageTag", "imageRepository", { imageTag: "v1" }],
    ["imageRepository", "imageTag", { imageRepository: "team/trainer" }],
    ["imageRepository", "imageUri", { ...own, ...uri }],
    ["frameworkVersion", "imageUri", { ...uri, frameworkVersion: "2.4.0" }],
    ["pythonVersion", "imageUri", { ...uri, pythonVersion: "py311" }],
    ["frameworkVersion", "imageRepository", { ...own, frameworkVersion: "2.4.0" }],
    ["pythonVersion", "imageRepository", { ...own, pythonVersion: "py311" }],
    ["permissionsBoundary", "roleArn", { ...role, permissionsBoundary: "arn:aws:iam::aws:policy/x" }],
    ["dataKmsKeyArns", "roleArn", { ...role, dataKmsKeyArns: list }],
    ["maxWait", "spot", { ...spotOff, maxWait: "9h" }],
    ["fallback", "spot", { ...spotOff, fallback: "on-demand" }],
    ["keepAlive", "spot", { keepAlive: "10m" }],
  ] as [string, string, Record<string, string>][]) {
    it(`for ${key}, which has no effect as training:${other} is`, () => {
      assert.match(faults(changes), new RegExp(`^ {2}training:${key}: .*training:${other}\\b`, "m"));
    });
  }

  it("for a metric to watch that is not among the metrics", () => {
    const metrics = '{"loss": "a", "accuracy": "b"}';
    assert.match(
      faults({ primaryMetric: "f1" }),
      /primaryMetric: f1 is not in training:metrics \(which is empty\)/,
    );
    assert.match(
      faults({ metrics, primaryMetric: "f1" }),
      /primaryMetric: .*\(it has loss, accuracy\): name one/,
    );
    assert.match(faults({ metrics, primaryMetric: "constructor" }), /primaryMetric: /);
    assert.ok(load(stack({ metrics, primaryMetric: "loss" })));
  });

  it("for an image that AWS does not publish", () => {
    assert.match(
      faults({ frameworkVersion: "2.6.0", pythonVersion: "py311" }),
      /pythonVersion: .* has py312, not py311/,
    );
    assert.match(faults({ frameworkVersion: "2.4.1" }), /no training image of PyTorch 2\.4\.1/);
    for (const instanceType of ["ml.trn1.2xlarge", "ml.trn2.48xlarge", "ml.inf2.xlarge"]) {
      assert.match(
        faults({ instanceType }),
        new RegExp(`instanceType: .* chips of ${instanceType}: .*training:imageUri`),
      );
      assert.ok(load(stack({ instanceType, ...uri })));
    }
  });

  it("with a name that leaves no room for the job's", () => {
    assert.match(faults({ experiment: "a".repeat(49) }), /at most 48/);
    assert.ok(load(stack({ experiment: "a".repeat(48) })));
  });

  it("without the data", () => {
    assert.throws(() => load({}), /training:train: is not set\n.*training:val: is not set/s);
  });
});
