import assert from "node:assert/strict";
import type { CanonicalInputs } from "../../../../components/trainingJob/args/args";
import { consequences } from "../../../../components/trainingJob/state/consequences";
import type { TrainingJobState } from "../../../../components/trainingJob/state/state";

const olds = (more: object = {}) =>
  ({
    deletePolicy: "retain",
    status: "Completed",
    modelArtifact: "s3://b/m.tar.gz",
    metrics: { f1: 0.9 },
    hyperparameters: { lr: 0.1, epochs: 4 },
    ...more,
  }) as unknown as TrainingJobState;
const news = (hyperparameters: object) =>
  ({
    hyperparameters,
    logUrn: "urn:pulumi:s::p::training:index:Experiment$x:y:TrainingJob::j",
  }) as unknown as CanonicalInputs;
const gone = [{ path: "hyperparameters.lr", before: "0.1", after: undefined }];

describe("consequences", () => {
  it("names the model that a replacement deletes, with its metrics", () => {
    const [told] = consequences(olds({ deletePolicy: "delete" }), news({}), []);
    assert.match(told, /^The model s3:\/\/b\/m\.tar\.gz \(f1 0\.9\) is deleted/);
    for (const harmless of [{}, { status: "Failed", deletePolicy: "delete" }]) {
      assert.deepEqual(consequences(olds(harmless), news({}), []), []);
    }
  });

  it("names hyperparameters that are left out beside others, with the command that puts them back", () => {
    const [told] = consequences(olds(), news({ epochs: 4 }), gone);
    assert.match(told, /left out now: lr\..* pulumi config set --path training:hyperparameters\.lr 0\.1\.$/);
  });

  it("gives commands that a shell and Pulumi take as they are meant", () => {
    for (const [value, expected] of [
      ["two words; $HOME", "--path training:hyperparameters.lr 'two words; $HOME'"],
      [-0.5, "--path -- training:hyperparameters.lr '-0.5'"],
      ["", "--path training:hyperparameters.lr ''"],
    ]) {
      const [told] = consequences(
        olds({ hyperparameters: { lr: value, epochs: 4 } }),
        news({ epochs: 4 }),
        gone,
      );
      assert.ok(told.endsWith(`pulumi config set ${expected}.`), told);
    }
  });

  it("shows no value of a secret", () => {
    const [told] = consequences(olds({ secretInputs: [["hyperparameters"]] }), news({ epochs: 4 }), gone);
    assert.match(told, /hyperparameters\.lr VALUE\.$/);
  });

  it("says nothing where all of them are taken away, or another script is trained", () => {
    assert.deepEqual(consequences(olds(), news({}), gone), []);
    const script = { path: "sourceUri", before: "s3://b/1", after: "s3://b/2" };
    assert.deepEqual(consequences(olds(), news({ epochs: 4 }), [...gone, script]), []);
  });
});
