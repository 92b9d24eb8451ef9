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
    "the commit that the code is of": { sourceVersion: { commit: "89ab", clean: false } },
    "how long the job may run": { maxRun: "90m" },
    "how long it may wait": { spot: { maxWait: "3h" } },
    "pytorchddp for torchDistributed": { distribution: "pytorchddp" },
    "what new jobs are called": { baseJobName: "other" },
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
    "dataFingerprints.train": { dataFingerprints: { train: "4567" } },
  })) {
    it(`replaces the job for ${path}, and says so`, () => {
      const before = stateOf({}, { dataFingerprints: { train: "0123" } });
      const { replaces, changes, explanation } = compare(before, inputsOf(change));
      assert.equal(changes, true);
      assert.deepEqual(replaces, [path]);
      assert.match(explanation ?? "", new RegExp(`^Trains again because of: ${path}: .+ -> .+$`));
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

  it("shows the values before and after", () => {
    const { explanation } = compare(stateOf(), inputsOf({ hyperparameters: { epochs: 5 }, runId: "again" }));
    assert.equal(
      explanation,
      "Trains again because of: hyperparameters.epochs: 4 -> 5, runId: unset -> again",
    );
  });

  it("shows no value of a secret, before or after", () => {
    const secret = (value: string) => ({
      hyperparameters: { token: value },
      environment: { PASSWORD: value },
      secretInputs: [["hyperparameters", "token"], ["environment"]],
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

    it("keeps what depends on the last good model while another trains, even if a job still runs", () => {
      const running = stateOf({ status: "InProgress", modelArtifact: null });
      const difference = compare(running, inputsOf({ hyperparameters: { epochs: 99 } }));
      assert.deepEqual(difference.replaces, ["hyperparameters.epochs"]);
      assert.ok(!("deleteBeforeReplace" in difference), "the new run stops the job that runs");
    });

    it("treats a fact that is null as one that an earlier release left out", () => {
      for (const failureReason of [null, undefined as unknown as null]) {
        assert.equal(compare(stateOf({ failureReason }), inputsOf()).changes, false);
      }
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

  describe("with a region", () => {
    const trainingJobArn = "arn:aws:sagemaker:us-east-1:111122223333:training-job/dense-0123abcd";

    // With an image the region of its registry changes too.
    const named = {
      algorithmSpecification: { algorithmName: "mine" },
      sourceUri: undefined,
      entryPoint: undefined,
    };

    it("replaces a job that is to be in another, and says from where to where", () => {
      const { replaces, explanation } = compare(
        stateOf({ trainingJobArn }, named),
        inputsOf({ ...named, region: "eu-west-1" }),
      );
      assert.deepEqual(replaces, ["region"]);
      assert.equal(explanation, "Trains again because of: region: us-east-1 -> eu-west-1");
    });

    it("does nothing about one that names the region in which the job is already", () => {
      const earlier = stateOf({ trainingJobArn, region: undefined }, named);
      assert.deepEqual(compare(earlier, inputsOf(named)), { changes: false, replaces: [] });
      assert.deepEqual(compare(earlier, inputsOf({ ...named, region: "eu-west-1" })).replaces, ["region"]);
    });
  });

  describe("of a job that its script failed", () => {
    const failed = (reason: string, changes: Record<string, unknown> = {}) =>
      stateOf({ status: "Failed", modelArtifact: null, failureReason: reason }, changes);
    const script = "AlgorithmError: no";

    it("does nothing where that is a result, until the inputs change", () => {
      const record = { onFailure: "record" };
      assert.equal(compare(failed(script, record), inputsOf(record)).changes, false);
      const changed = compare(failed(script, record), inputsOf({ ...record, hyperparameters: { lr: 9 } }));
      assert.notDeepEqual(changed.replaces, []);
    });

    it("notes in place that it is one from now on", () => {
      const { changes, replaces } = compare(failed(script), inputsOf({ onFailure: "record" }));
      assert.deepEqual([changes, replaces], [true, []]);
    });

    it("trains again where it is none, and after every other failure", () => {
      for (const [reason, onFailure] of [
        [script, undefined],
        [script, "retry"],
        ["InternalServerError", "record"],
        ["CapacityError: none", "record"],
      ]) {
        const how = onFailure ? { onFailure } : {};
        assert.deepEqual(
          compare(failed(String(reason), how), inputsOf(how)).replaces,
          ["status"],
          `${reason}`,
        );
      }
    });
  });
});
