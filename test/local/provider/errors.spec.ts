import assert from "node:assert/strict";
import { explain, failedOperation, ifExists, isMissing } from "../../../local/provider/errors.ts";
import { awsError } from "./support/fakeAws.ts";

const from = (error: Error, client = "S3Client", command = "DeleteBucketCommand") =>
  failedOperation(error, client, command) as Error;

describe("errors", () => {
  it("name the resource, the operation, AWS's reason and what to do", () => {
    const error = from(awsError("BucketNotEmpty", "The bucket you tried to delete is not empty"));
    assert.equal(
      explain(error, 'aws:s3/bucket:Bucket "data"').message,
      'aws:s3/bucket:Bucket "data": s3:DeleteBucket failed: BucketNotEmpty: The bucket you tried to delete is not empty. ' +
        "Empty the bucket, or set `forceDestroy: true` on it and run `pulumi up` before deleting it.",
    );
  });

  it("call the logs service as IAM does", () => {
    const error = from(awsError("X"), "CloudWatchLogsClient", "CreateLogGroupCommand");
    assert.match(explain(error, "x").message, /^x: logs:CreateLogGroup failed/);
  });

  it("say to start the local AWS when none answers", () => {
    const error = from(
      Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED" }),
    );
    assert.match(explain(error, "x").message, /start the local one with `npm run local`\.$/);
  });

  it("tell the caller's mistakes from the server's", () => {
    const faulty = (fault: string) => from(Object.assign(awsError("Odd"), { $fault: fault }));
    assert.match(
      explain(faulty("client")).message,
      /^s3:DeleteBucket failed: Odd\. Correct what AWS objects to/,
    );
    assert.match(explain(faulty("server")).message, /local AWS, \.local\/aws\.log/);
  });

  it("leave errors of the provider's own as they are", () => {
    assert.equal(explain(new Error("no such file"), "x").message, "x: no such file");
    assert.equal(explain("odd").message, "odd");
  });

  it("know what is missing, also when SageMaker says so", async () => {
    assert.equal(isMissing(awsError("NoSuchEntity")), true);
    assert.equal(isMissing(awsError("ValidationException", "Could not find model arn:x")), true);
    assert.equal(isMissing(awsError("ValidationException", "1 validation error detected")), false);
    assert.equal(isMissing(awsError("AccessDenied")), false);
    assert.equal(await ifExists(Promise.reject(awsError("NoSuchBucket"))), undefined);
    await assert.rejects(ifExists(Promise.reject(awsError("AccessDenied"))), /AccessDenied/);
  });
});
