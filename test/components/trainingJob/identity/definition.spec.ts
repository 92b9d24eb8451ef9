import assert from "node:assert/strict";
import type { CanonicalInputs } from "../../../../components/trainingJob/args/args";
import { checkInputs } from "../../../../components/trainingJob/check/check";
import { definingInputs, diffInputs } from "../../../../components/trainingJob/identity/definition";
import { inputsWith, SCRIPT, s3Channel, UNKNOWN } from "../check/cases/builders";

const canonical = (change: Record<string, unknown> = {}): CanonicalInputs =>
  checkInputs(inputsWith(change)).inputs;
const text = (change: Record<string, unknown>) => JSON.stringify(definingInputs(canonical(change)));

describe("definingInputs", () => {
  const notDefining: [string, Record<string, unknown>, Record<string, unknown>?][] = [
    ["tags", { tags: { a: "b" } }],
    ["a warm pool", { warmPool: { keepAlive: "1h" } }],
    ["what cancel does", { onCancel: "stop" }],
    ["what destroy does", { deletePolicy: "delete" }],
    ["how long it may run or wait", { maxRun: "2h" }],
    ["a job to adopt", { adopt: "retina-1" }],
    [
      "what the resource adds",
      { logUrn: "urn", project: "p", stack: "s", __provider: "x", sourceFiles: { a: "b" } },
    ],
    [
      "spot's fallback and retries",
      { spot: { maxWait: "1d", fallback: "on-demand", capacityRetries: 9 } },
      { spot: { maxWait: "1d" } },
    ],
    ["no distribution, said so", { ...SCRIPT, distribution: "none" }, SCRIPT],
    [
      "another word for torchrun",
      { ...SCRIPT, distribution: "pytorchddp" },
      { ...SCRIPT, distribution: "torchDistributed" },
    ],
    ["a duration in other words", { maxRun: "1h" }, { stoppingCondition: { maxRuntimeInSeconds: 3600 } }],
    ["a default, said so", { maxRun: "1d" }],
    [
      "another order",
      { hyperparameters: { a: 1, b: { c: 2, d: 3 } } },
      { hyperparameters: { b: { d: 3, c: 2 }, a: 1 } },
    ],
  ];
  for (const [title, one, other = {}] of notDefining) {
    it(`does not depend on ${title}`, () => assert.equal(text(one), text(other)));
  }

  const defining: [string, Record<string, unknown>][] = [
    ["the name", { baseJobName: "iris" }],
    ["the run", { runId: "2" }],
    ["the source", SCRIPT],
    ["a hyperparameter", { hyperparameters: { lr: 0.1 } }],
    ["the role", { roleArn: "arn:aws:iam::111122223333:role/other" }],
    ["the machine", { resourceConfig: { instanceType: "ml.c5.2xlarge" } }],
    ["the data", { inputDataConfig: [s3Channel()] }],
    ["spot", { spot: { maxWait: "1d" } }],
    ["the region", { region: "eu-west-1" }],
    ["the data's fingerprints", { dataFingerprints: { train: "1a2b" } }],
    ["the environment", { environment: { A: "b" } }],
  ];
  for (const [title, change] of defining) {
    it(`depends on ${title}`, () => assert.notEqual(text(change), text({})));
  }

  it("depends on the order of channels", () => {
    const [one, two] = [s3Channel(), s3Channel({ channelName: "val" })];
    assert.notEqual(text({ inputDataConfig: [one, two] }), text({ inputDataConfig: [two, one] }));
  });

  it("ignores what the state holds besides the inputs", () => {
    const inputs = canonical();
    const state = {
      ...inputs,
      trainingJobName: "retina-1",
      status: "Completed",
      metrics: { loss: 1 },
      image: "x",
    };
    assert.deepEqual(definingInputs(state), definingInputs(inputs));
  });
});

describe("diffInputs", () => {
  const diff = (before: Record<string, unknown>, after: Record<string, unknown>) =>
    diffInputs(canonical(before), canonical(after));

  it("finds nothing in the same inputs, in any order", () => {
    const before = {
      hyperparameters: { a: 1, b: 2 },
      tags: { x: "1", y: "2" },
      environment: { A: "1", B: "2" },
    };
    const after = {
      environment: { B: "2", A: "1" },
      tags: { y: "2", x: "1" },
      hyperparameters: { b: 2, a: 1 },
    };
    assert.deepEqual(diff(before, after), { replaces: [], updates: [] });
  });

  it("names what needs another job", () => {
    const { replaces, updates } = diff(
      { hyperparameters: { lr: 0.1, epochs: 4 }, inputDataConfig: [s3Channel()] },
      {
        hyperparameters: { lr: 0.2, batch: 32 },
        inputDataConfig: [s3Channel({}, { s3Uri: "s3://data/other" })],
        resourceConfig: { instanceType: "ml.c5.2xlarge" },
      },
    );
    assert.deepEqual(replaces, [
      "hyperparameters.batch",
      "hyperparameters.epochs",
      "hyperparameters.lr",
      "inputDataConfig[0].dataSource.s3DataSource.s3Uri",
      "resourceConfig.instanceType",
    ]);
    assert.deepEqual(updates, []);
  });

  it("names what can change in place", () => {
    const { replaces, updates } = diff(
      { tags: { a: "1", b: "2" }, warmPool: { keepAlive: "1h" } },
      {
        tags: { a: "1", b: "3" },
        warmPool: { keepAlive: "30m" },
        onCancel: "stop",
        deletePolicy: "delete",
        adopt: "x",
      },
    );
    assert.deepEqual(replaces, []);
    assert.deepEqual(updates, [
      "adopt",
      "deletePolicy",
      "onCancel",
      "resourceConfig.keepAlivePeriodInSeconds",
      "tags.b",
    ]);
  });

  it("takes a value not known yet for another one", () => {
    assert.deepEqual(diff({}, { roleArn: UNKNOWN }).replaces, ["roleArn"]);
    assert.deepEqual(diff({}, { resourceConfig: UNKNOWN }).replaces, ["resourceConfig"]);
    assert.deepEqual(diff({ tags: { a: "1" } }, { tags: UNKNOWN }).updates, ["tags"]);
  });

  it("sees lists of other lengths as a whole", () => {
    const channels = [s3Channel(), s3Channel({ channelName: "val" })];
    assert.deepEqual(diff({ inputDataConfig: channels }, { inputDataConfig: [s3Channel()] }).replaces, [
      "inputDataConfig",
    ]);
  });

  it("takes other spot reactions for an update only", () => {
    const spot = { maxWait: "1d" };
    assert.deepEqual(diff({ spot }, { spot: { ...spot, fallback: "on-demand" } }), {
      replaces: [],
      updates: ["spot.fallback"],
    });
  });
});
