import assert from "node:assert/strict";
import { canonicalS3Uri, parseS3Uri, splitS3Uri } from "../../../../components/trainingJob/args/s3Uri";
import { S3_URIS } from "../../../cases/s3Uris";

describe("parseS3Uri", () => {
  for (const [uri, place] of S3_URIS) {
    it(`${place ? "reads" : "does not read"} ${JSON.stringify(uri)}`, () =>
      assert.deepEqual(parseS3Uri(uri), place));
  }
});

describe("splitS3Uri", () => {
  it("says what is no S3 URI", () => {
    assert.deepEqual(splitS3Uri("https://s3.us-west-2.amazonaws.com/b/k"), { bucket: "b", key: "k" });
    assert.throws(() => splitS3Uri("bucket/key"), /bucket\/key is not an S3 URI/);
  });
});

describe("canonicalS3Uri", () => {
  it("has one spelling for one place", () => {
    for (const uri of [
      "s3://b/k",
      "https://s3.us-west-2.amazonaws.com/b/k",
      "https://b.s3.amazonaws.com/k",
    ]) {
      assert.equal(canonicalS3Uri(uri), "s3://b/k");
    }
    assert.equal(canonicalS3Uri("/opt/ml/code"), "/opt/ml/code");
  });
});
