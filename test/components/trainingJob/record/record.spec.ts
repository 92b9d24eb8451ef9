import assert from "node:assert/strict";
import { recordUri } from "../../../../components/trainingJob/record/place";
import { recordOf } from "../../../../components/trainingJob/record/record";
import { runRecord } from "../../../../components/trainingJob/record/schema";
import { factsOf } from "../../../../components/trainingJob/state/facts";
import { canonicalInputs } from "../../support/inputs";
import { completes } from "../../support/scripts";
import { TrainingWorld } from "../../support/trainingWorld";

async function recordWith(
  changes: Record<string, unknown> = {},
  metrics: Record<string, number> = { acc: 0.9 },
) {
  const world = new TrainingWorld();
  const inputs = canonicalInputs(changes);
  world.aws.existing("dense-1", completes({ metrics }), {}, 3600);
  const job = await world.aws.describe("dense-1");
  assert.ok(job);
  return recordOf(inputs, "us-east-1", factsOf(inputs, "us-east-1", job), {});
}

describe("recordOf", () => {
  it("is what its readers read, to the last field", async () => {
    const record = JSON.parse(JSON.stringify(await recordWith()));
    assert.deepEqual(runRecord.parse(record), record);
  });

  it("names the code by its digest and commit", async () => {
    const { source } = await recordWith({
      sourceFiles: { "train.py": "0123abcd" },
      sourceVersion: { digest: "0123", commit: "f".repeat(40), clean: true },
    });
    assert.deepEqual(source, {
      uri: "s3://bucket/code/0123456789abcdef/sourcedir.tar.gz",
      digest: "0123",
      files: { "train.py": "0123abcd" },
      git: { commit: "f".repeat(40), clean: true },
    });
  });

  it("says null of code outside of git, and of a training without code", async () => {
    assert.equal((await recordWith({ sourceVersion: { digest: "0123" } })).source?.git, null);
    const none = { sourceUri: undefined, entryPoint: undefined, hyperparameters: undefined };
    assert.equal((await recordWith(none)).source, null);
  });

  it("has no secret, whatever it is, nor a text that repeats one", async () => {
    const record = await recordWith({
      hyperparameters: { token: "hunter-2-hunter", budget: 31_415_926, nested: { a: "hunter-2-hunter" } },
      environment: { URL: "https://x/?key=hunter-2-hunter" },
      secretInputs: [
        ["hyperparameters", "token"],
        ["hyperparameters", "budget"],
      ],
    });
    assert.deepEqual(record.inputs.hyperparameters, {
      token: "[secret]",
      budget: "[secret]",
      nested: { a: "[secret]" },
    });
    assert.ok(!/hunter|31415926/.test(JSON.stringify(record)));
  });

  it("has no keys that a provider was given", async () => {
    const record = await recordWith({ awsConfig: { secretKey: "abcdefghijkl", region: "us-east-1" } });
    assert.ok(!JSON.stringify(record).includes("abcdefghijkl"));
  });

  it("leaves out a metric that has no number", async () => {
    assert.deepEqual((await recordWith({}, { acc: 0.9, loss: Number.NaN })).metrics, { acc: 0.9 });
  });
});

describe("recordUri", () => {
  it("is in the folder of the job's results", () => {
    const at = (s3OutputPath: string) =>
      recordUri(canonicalInputs({ outputDataConfig: { s3OutputPath } }), "job");
    assert.equal(at("s3://bucket/artifacts"), "s3://bucket/artifacts/job/run.json");
    assert.equal(at("s3://bucket/artifacts/"), "s3://bucket/artifacts/job/run.json");
  });
});
