import assert from "node:assert/strict";
import { differingParameters } from "../../../components/leaderboard";
import { run } from "./runs";

const inputs = (more: Record<string, unknown>) => ({ inputs: { hyperparameters: { epochs: 4 }, ...more } });

describe("the parameters of a run", () => {
  it("have the names that a user gave them, or the last part of their path", () => {
    const { parameters } = run("a", {
      inputs: {
        hyperparameters: { lr: 0.1 },
        environment: { SEED: "7" },
        resourceConfig: { instanceType: "ml.g5.xlarge", instanceCount: 2 },
        inputDataConfig: [
          { channelName: "train", dataSource: { s3DataSource: { s3Uri: "s3://data/train/" } } },
        ],
      },
    });
    assert.deepEqual(parameters, {
      stack: "dev",
      experiment: "dense",
      instanceType: "ml.g5.xlarge",
      instanceCount: 2,
      "env.SEED": "7",
      "data.train": "s3://data/train/",
      image: "pytorch-training:2.4.0-gpu-py311",
      source: "01234567",
      lr: 0.1,
    });
  });

  it("have their whole path where two would be called alike", () => {
    const { parameters } = run("a", inputs({ spot: { limit: 1 }, retryStrategy: { limit: 2 } }));
    assert.deepEqual([parameters["spot.limit"], parameters["retryStrategy.limit"]], [1, 2]);
  });

  it("tell data by its fingerprint, and code by its commit where that is all of it", () => {
    const source = { uri: "s3://b/c.tar.gz", digest: "0123456789", files: {} };
    const git = { commit: "fedcba9876543210", clean: true };
    const { parameters } = run("a", {
      ...inputs({
        inputDataConfig: [{ channelName: "train", dataSource: { s3DataSource: { s3Uri: "s3://d/" } } }],
      }),
      dataFingerprints: { train: "5e6f" },
      source: { ...source, git },
    });
    assert.deepEqual([parameters["data.train"], parameters.source], ["5e6f", "fedcba98"]);
    const changed = run("b", { source: { ...source, git: { ...git, clean: false } } });
    assert.equal(changed.parameters.source, "01234567");
  });

  for (const [what, more] of Object.entries({
    "where results go": {
      outputDataConfig: { s3OutputPath: "s3://other" },
      checkpointConfig: { s3Uri: "s3://c" },
    },
    "whose role it is": { roleArn: "arn:other" },
    "what a job is called and tagged": { baseJobName: "other", tags: { a: "b" } },
    "what ends it": { onCancel: "stop", deletePolicy: "delete" },
    "how its log is read": { algorithmSpecification: { metricDefinitions: [{ name: "a", regex: "b" }] } },
  })) {
    it(`say nothing of ${what}`, () => {
      assert.deepEqual(differingParameters([run("a", inputs({})), run("b", inputs(more))]), []);
    });
  }
});

describe("the metrics of a run", () => {
  it("are in the order of their definitions, so that the last one is the one to rank by", () => {
    const metricDefinitions = ["loss", "gone", "acc"].map((name) => ({ name, regex: "." }));
    const { metrics } = run("a", {
      ...inputs({ algorithmSpecification: { metricDefinitions } }),
      metrics: { acc: 0.9, loss: 0.1 },
    });
    assert.deepEqual(Object.keys(metrics), ["loss", "acc"]);
  });

  it("are told also where inputs are secret, in part or as a whole", () => {
    const secret = "[secret]";
    const { parameters, metrics } = run("a", {
      inputs: {
        ...{ hyperparameters: secret, environment: secret, resourceConfig: secret },
        inputDataConfig: [secret, { channelName: "val", dataSource: secret }],
        algorithmSpecification: { metricDefinitions: secret },
      },
      metrics: { loss: 1 },
    });
    assert.deepEqual(metrics, { loss: 1 });
    assert.equal(parameters["data.val"], '"[secret]"');
    assert.ok(!("data.undefined" in parameters));
    for (const algorithmSpecification of [secret, { metricDefinitions: [secret] }]) {
      assert.deepEqual(run("a", { inputs: { algorithmSpecification }, metrics: { loss: 1 } }).metrics, {
        loss: 1,
      });
    }
  });
});
