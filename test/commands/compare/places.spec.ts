import assert from "node:assert/strict";
import { placeOf, placesOfOutputs, placesOfState, unique } from "../../../commands/compare/places";

const place = (bucket: string, prefix: string) => ({ bucket, prefix });

describe("where records are looked for", () => {
  for (const [text, prefix] of [
    ["ours", "artifacts/"],
    ["s3://ours", "artifacts/"],
    ["s3://ours/", "artifacts/"],
    ["ours/team/models", "team/models/"],
    ["s3://ours/team/models/", "team/models/"],
  ]) {
    it(`is ${prefix} for ${text}`, () => assert.deepEqual(placeOf(text), place("ours", prefix)));
  }

  it("is the bucket of a stack's outputs", () => {
    const trainingJobName = "dense-1";
    const modelArtifact = "s3://ours/artifacts/dense-1/output/model.tar.gz";
    assert.deepEqual(placesOfOutputs({ bucket: "ours", modelArtifact, trainingJobName }), [
      place("ours", "artifacts/"),
    ]);
  });

  it("is the folder of the model's job, where a stack has no such output or trains elsewhere", () => {
    const model = { modelArtifact: "s3://theirs/a/b/dense-1/output/model/", trainingJobName: "dense-1" };
    assert.deepEqual(placesOfOutputs(model), [place("theirs", "a/b/")]);
    assert.deepEqual(placesOfOutputs({ bucket: "ours", ...model }), [
      place("ours", "artifacts/"),
      place("theirs", "a/b/"),
    ]);
  });

  it("is the folder of the model that a gate let pass, which is not the last one", () => {
    const model = { modelArtifact: "s3://theirs/a/dense-1/output/model.tar.gz", trainingJobName: "dense-1" };
    const outputs = { bucket: "ours", modelArtifact: model.modelArtifact, trainingJobName: "dense-2" };
    const { modelArtifact: artifact, trainingJobName } = model;
    assert.deepEqual(placesOfOutputs({ ...outputs, model: { artifact, trainingJobName } }), [
      place("ours", "artifacts/"),
      place("theirs", "a/"),
    ]);
  });

  it("is nowhere by the outputs of a stack that has none", () => {
    assert.deepEqual(placesOfOutputs({}), []);
    assert.deepEqual(placesOfOutputs({ bucket: null, modelArtifact: null }), []);
  });

  it("is where the jobs in a state put their results", () => {
    const job = (s3OutputPath: unknown) => ({
      type: "pulumi-nodejs:dynamic/sagemaker:TrainingJob",
      outputs: { outputDataConfig: { s3OutputPath } },
    });
    const resources = [
      job("s3://a/artifacts"),
      job("s3://a/artifacts/"),
      job("s3://b"),
      job(1),
      { type: "other" },
    ];
    assert.deepEqual(placesOfState({ deployment: { resources } }), [
      place("a", "artifacts/"),
      place("b", ""),
    ]);
    assert.deepEqual(placesOfState({ deployment: {} }), []);
  });

  it("is one place, however often it is named", () => {
    assert.deepEqual(unique([placeOf("ours"), placeOf("s3://ours/artifacts")]), [
      place("ours", "artifacts/"),
    ]);
  });
});
