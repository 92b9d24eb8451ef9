import assert from "node:assert/strict";
import { checkModel } from "../../../../../local/aws/hosting/api/modelRules.ts";
import type { ModelRequest } from "../../../../../local/aws/hosting/records/record.ts";

const Image = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-inference:2.4.0-cpu-py311";
const model = (container: object): ModelRequest => ({
  ModelName: "m",
  ExecutionRoleArn: "arn:aws:iam::000000000000:role/r",
  PrimaryContainer: { Image, ...container },
});

describe("the data of a model", () => {
  for (const uri of ["https://example.com/model.tar.gz", "s3://bucket", "s3://bucket/", "model.tar.gz"]) {
    it(`is refused when the model is made, where it cannot be read: ${uri}`, () =>
      assert.throws(() => checkModel(model({ ModelDataUrl: uri })), {
        message: `The local SageMaker reads model data from S3 URIs with bucket and key only, not from ${uri}.`,
      }));
  }

  it("may be an object in S3, or none", () => {
    checkModel(model({ ModelDataUrl: "s3://bucket/model.tar.gz" }));
    checkModel(model({}));
  });
});
