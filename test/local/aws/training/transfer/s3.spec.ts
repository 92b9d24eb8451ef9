import assert from "node:assert/strict";
import { modelUri } from "../../../../../local/aws/training/transfer/artifacts.ts";
import { joinS3, parseS3Uri, toUri } from "../../../../../local/aws/training/transfer/s3.ts";
import { sourceUri } from "../../../../../local/aws/training/transfer/sourceCode.ts";
import { S3_URIS } from "../../../../cases/s3Uris.ts";
import { validRequest } from "../../sagemaker/support.ts";

describe("S3 locations", () => {
  for (const [uri, place] of S3_URIS) {
    it(place ? `are read from ${JSON.stringify(uri)}` : `are not ${JSON.stringify(uri)}`, () => {
      if (place) assert.deepEqual(parseS3Uri(uri), place);
      else assert.throws(() => parseS3Uri(uri), /Not an S3 URI/);
    });
  }

  for (const uri of ["s3://b/out", "s3://b/out/", "s3://b/out//"]) {
    it(`are joined to ${uri} with one slash`, () => {
      assert.equal(toUri(joinS3(uri, "job", "model.tar.gz")), "s3://b/out/job/model.tar.gz");
    });
  }

  it("of a model are below the output path, or the bucket", () => {
    const at = (S3OutputPath: string, CompressionType?: "NONE" | "GZIP") =>
      modelUri(validRequest({ OutputDataConfig: { S3OutputPath, CompressionType } }));
    assert.equal(at("s3://b/out/"), "s3://b/out/job/output/model.tar.gz");
    assert.equal(at("s3://b"), "s3://b/job/output/model.tar.gz");
    assert.equal(at("https://s3.us-west-2.amazonaws.com/b/out"), "s3://b/out/job/output/model.tar.gz");
    assert.equal(at("s3://b", "NONE"), "s3://b/job/output/model/");
  });

  it("of the source are read plain and JSON-encoded", () => {
    const of = (value: string) =>
      sourceUri(validRequest({ HyperParameters: { sagemaker_submit_directory: value } }));
    assert.equal(of("s3://b/s.tar.gz"), "s3://b/s.tar.gz");
    assert.equal(of('"s3://b/s.tar.gz"'), "s3://b/s.tar.gz");
    assert.equal(of("/opt/ml/code"), undefined);
    assert.equal(sourceUri(validRequest()), undefined);
  });
});
