import assert from "node:assert/strict";
import type { CanonicalInputs } from "../../../../components/trainingJob/args/args";
import { compare } from "../../../../components/trainingJob/state/compare";
import type { TrainingJobState } from "../../../../components/trainingJob/state/state";
import { canonicalInputs } from "../../support/inputs";

const FACTS = {
  trainingJobName: "dense-0123abcd",
  status: "Completed",
  secondaryStatus: "Completed",
  modelArtifact: "s3://bucket/artifacts/dense-0123abcd/output/model.tar.gz",
};

const FILES = { "train.py": "11111111", "data.py": "22222222" };
const BASE = { sourceFiles: FILES, tags: { team: "imaging" }, spot: { maxWait: "2h" } };

function stateOf(facts: Partial<TrainingJobState> = {}, changes: Record<string, unknown> = {}) {
  return { ...canonicalInputs({ ...BASE, ...changes }), ...FACTS, ...facts } as TrainingJobState;
}

const inputsOf = (changes: Record<string, unknown> = {}): CanonicalInputs =>
  canonicalInputs({ ...BASE, ...changes });

describe("compare", () => {
  it("finds nothing to do for the same inputs", () => {
    assert.deepEqual(compare(stateOf(), inputsOf()), { changes: false, replaces: [] });
  });

  for (const [what, change] of Object.entries({
    "the row of the display": { logUrn: "urn:pulumi:dev::training::other::dense" },
    "the provider's code": { __provider: "another" },
    "the list of files, if the bundle is the same": { sourceFiles: { "train.py": "33333333" } },
    "how long the job may run": { maxRun: "90m" },
    "how long it may wait": { spot: { maxWait: "3h" } },
    "pytorchddp for torchDistributed": { distribution: "pytorchddp" },
    "the name that new jobs get": { baseJobName: "other" },
    "fingerprints that are turned on over data of which none is known": {
      dataFingerprints: { train: "0123" },
    },
  })) {
    it(`does nothing about ${what}`, () => {
      const before = stateOf({}, { distribution: "torchDistributed" });
      const after = inputsOf({ distribution: "torchDistributed", ...change });
      assert.deepEqual(compare(before, after), { changes: false, replaces: [] });
    });
  }

  for (const [what, change] of Object.entries({
    tags: { tags: { team: "robotics" } },
    "what cancel does": { onCancel: "stop" },
    "what destroy does": { deletePolicy: "delete" },
    "the fallback of spot": { spot: { maxWait: "2h", fallback: "on-demand" } },
    "the retries of spot": { spot: { maxWait: "2h", capacityRetries: 9 } },
  })) {
    it(`updates ${what} without training`, () => {
      assert.deepEqual(compare(stateOf(), inputsOf(change)), { changes: true, replaces: [] });
    });
  }

  it("updates the warm pool without training", () => {
    const kept = (keepAlive: string) => ({ spot: undefined, warmPool: { keepAlive } });
    assert.deepEqual(compare(stateOf({}, kept("10m")), inputsOf(kept("20m"))), {
      changes: true,
      replaces: [],
    });
  });

  for (const [path, change] of Object.entries({
    "hyperparameters.epochs": { hyperparameters: { epochs: 5 } },
    "environment.SEED": { environment: { SEED: "1" } },
    "resourceConfig.instanceType": { resourceConfig: { instanceType: "ml.g5.2xlarge" } },
    "algorithmSpecification.trainingImage": {
      algorithmSpecification: {
        trainingImage: "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.5.1",
      },
    },
    runId: { runId: "again" },
    entryPoint: { entryPoint: "other.py" },
    distribution: { distribution: "torchDistributed" },
  })) {
    it(`replaces the job for ${path}, and says so`, () => {
      const { replaces, changes, explanation } = compare(stateOf(), inputsOf(change));
      assert.equal(changes, true);
      assert.equal(replaces.length, 1);
      assert.ok(path.startsWith(replaces[0]), `${replaces[0]} for ${path}`);
      assert.match(explanation ?? "", /^Trains again because of: /);
      assert.ok(explanation?.includes(`: ${replaces[0]}: `) && explanation.includes(" -> "), explanation);
    });
  }

  it("names the source files that changed", () => {
    const { explanation } = compare(
      stateOf(),
      inputsOf({
        sourceUri: "s3://bucket/code/ffffffffffffffff/sourcedir.tar.gz",
        sourceFiles: { "train.py": "99999999", "model.py": "44444444" },
      }),
    );
    assert.equal(
      explanation,
      "Trains again because of: sourceUri, data.py (removed), model.py (added), train.py (changed)",
    );
  });

  it("shows no value of a secret", () => {
    const secret = (value: string) => ({
      hyperparameters: { token: value },
      environment: { PASSWORD: value },
      secretInputs: [
        ["hyperparameters", "token"],
        ["environment", "PASSWORD"],
      ],
    });
    const difference = compare(stateOf({}, secret("hunter2")), inputsOf(secret("correct horse")));
    assert.deepEqual(difference.replaces, ["environment.PASSWORD", "hyperparameters.token"]);
    assert.ok(!/hunter2|correct horse/.test(JSON.stringify(difference)));
  });

  describe("looks at the job too", () => {
    for (const status of ["Failed", "Stopped"]) {
      it(`replaces a job that ended ${status}`, () => {
        assert.deepEqual(compare(stateOf({ status, modelArtifact: null }), inputsOf()), {
          changes: true,
          replaces: ["status"],
          explanation: `Trains again because of: dense-0123abcd ended ${status}`,
        });
      });
    }

    it("replaces a completed job whose artifact is gone", () => {
      assert.deepEqual(compare(stateOf({ modelArtifact: null }), inputsOf()), {
        changes: true,
        replaces: ["modelArtifact"],
        explanation: "Trains again because of: the model artifact of dense-0123abcd is gone",
      });
    });

    it("leaves what depends on the last good model in place while another is trained", () => {
      const running = stateOf({ status: "InProgress", modelArtifact: null });
      const changed = canonicalInputs({ ...BASE, hyperparameters: { epochs: 99 } });
      assert.ok(!("deleteBeforeReplace" in compare(running, changed)));
    });

    it("picks up a job that was left running, by an update", () => {
      const running = stateOf({ status: "InProgress", modelArtifact: null });
      assert.deepEqual(compare(running, inputsOf()), { changes: true, replaces: [] });
    });

    it("names both the inputs and the failure when both changed", () => {
      const { replaces, explanation } = compare(stateOf({ status: "Failed" }), inputsOf({ runId: "2" }));
      assert.deepEqual(replaces, ["runId", "status"]);
      assert.equal(explanation, "Trains again because of: runId: unset -> 2, dense-0123abcd ended Failed");
    });
  });

  describe("with adopt", () => {
    it("does nothing about the name of the job that it has, named or no longer named", () => {
      const adopted = stateOf({}, { adopt: "dense-0123abcd" });
      assert.equal(compare(adopted, inputsOf({ adopt: "dense-0123abcd" })).changes, false);
      assert.deepEqual(compare(adopted, inputsOf()), { changes: true, replaces: [] });
      assert.deepEqual(compare(stateOf(), inputsOf({ adopt: "dense-0123abcd" })), {
        changes: true,
        replaces: [],
      });
    });

    it("replaces the job when another one is to be adopted", () => {
      const { replaces } = compare(stateOf({}, { adopt: "dense-0123abcd" }), inputsOf({ adopt: "better" }));
      assert.deepEqual(replaces, ["adopt"]);
    });
  });
});
