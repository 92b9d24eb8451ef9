import assert from "node:assert/strict";
import { attemptName, attemptOfName, experimentName } from "../../../../components/trainingJob/identity/name";
import { canonicalInputs } from "../../support/inputs";

/** SageMaker's rule for the name of a job. */
const NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;

describe("experimentName", () => {
  it("is the base and 8 hex digits of what defines the training", () => {
    assert.match(experimentName(canonicalInputs()), /^dense-[0-9a-f]{8}$/);
  });

  it("stays the same for the same training, however it is written", () => {
    const name = experimentName(canonicalInputs({ hyperparameters: { a: 1, b: 2 } }));
    for (const change of [
      { hyperparameters: { b: 2, a: 1 } },
      { hyperparameters: { a: 1, b: 2 }, tags: { team: "x" }, onCancel: "stop", deletePolicy: "delete" },
      { hyperparameters: { a: 1, b: 2 }, logUrn: "urn:other", stack: "prod", project: "other" },
      { hyperparameters: { a: 1, b: 2 }, maxRun: "7d" },
      { hyperparameters: { a: 1, b: 2 }, sourceFiles: { "train.py": "1" } },
      { hyperparameters: { a: 1, b: 2 }, warmPool: { keepAlive: 600 } },
    ]) {
      assert.equal(experimentName(canonicalInputs(change)), name, JSON.stringify(change));
    }
  });

  it("is another one for another training", () => {
    const changes = [
      {},
      { hyperparameters: { epochs: 5 } },
      { environment: { SEED: "1" } },
      { sourceUri: "s3://bucket/code/ffff/sourcedir.tar.gz" },
      { runId: "2" },
      { dataFingerprints: { train: "0123" } },
      { spot: { maxWait: "2h" } },
      { resourceConfig: { instanceType: "ml.g5.2xlarge" } },
    ];
    const names = changes.map((change) => experimentName(canonicalInputs(change)));
    assert.equal(new Set(names).size, changes.length);
  });

  for (const length of [1, 46, 47, 48, 63]) {
    it(`leaves room for attempts and the fallback with a base of ${length} characters`, () => {
      const name = experimentName(canonicalInputs({ baseJobName: "a".repeat(length) }));
      for (const each of [name, attemptName(name, 2), attemptName(name, 999, true)]) {
        assert.match(each, NAME);
      }
    });
  }

  it("is a valid name where the cut of a long base leaves a hyphen", () => {
    const base = `${"a".repeat(46)}-${"b".repeat(16)}`;
    assert.match(experimentName(canonicalInputs({ baseJobName: base })), /^a{46}-[0-9a-f]{8}$/);
  });
});

describe("attemptName", () => {
  for (const [attempt, onDemand, name] of [
    [1, false, "dense"],
    [2, false, "dense-2"],
    [1, true, "dense-od"],
    [3, true, "dense-3-od"],
  ] as const) {
    it(`is ${name}`, () => assert.equal(attemptName("dense", attempt, onDemand), name));
  }
});

describe("attemptOfName", () => {
  for (const [name, expected] of [
    ["dense", { attempt: 1, onDemand: false }],
    ["dense-2", { attempt: 2, onDemand: false }],
    ["dense-od", { attempt: 1, onDemand: true }],
    ["dense-100-od", { attempt: 100, onDemand: true }],
    ["dense-0", undefined],
    ["dense-2-extra", undefined],
    ["dens", undefined],
  ] as const) {
    it(`reads ${name}`, () => assert.deepEqual(attemptOfName("dense", name), expected));
  }
});
