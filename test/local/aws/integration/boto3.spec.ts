import assert from "node:assert/strict";
import path from "node:path";
import { ensureTrainingPython } from "../../../../local/python/python.ts";
import { run } from "../../../../local/run.ts";
import { stackEnvironment } from "../../../../local/stack.ts";
import { bucket, namesIn, roleArn, TestAws } from "./testAws.ts";

describe("boto3 with endpoint_url", function () {
  this.timeout(120_000);
  let aws: TestAws;

  before(async () => {
    aws = await TestAws.start();
  });
  after(async () => {
    await aws.remove();
  });

  it("creates, describes, lists, waits for and stops jobs, and moves 100 MB", async () => {
    const script = path.join(__dirname, "boto3_client.py");
    const python = await ensureTrainingPython(() => undefined);
    const env = stackEnvironment(aws.running, process.env);
    const done = await run(python, [script, aws.running.endpoint, bucket, roleArn], { env });
    assert.equal(done.code, 0, done.output);
    const report = JSON.parse(done.stdout);
    assert.deepEqual(report.statuses, { "boto3-done": "Completed", "boto3-stopped": "Stopped" });
    assert.deepEqual(report.listed, ["boto3-done", "boto3-stopped"]);
    assert.equal(report.model, `s3://${bucket}/boto3/out/boto3-done/output/model.tar.gz`);
    assert.deepEqual(await namesIn(await aws.get("boto3/out/boto3-done/output/model.tar.gz")), ["model.pth"]);
    assert.equal(report.created, new Date().getFullYear());
    assert.deepEqual(report.absent, {
      Code: "ValidationException",
      Message: "Requested resource not found.",
    });
    assert.equal(report.big.same, true);
    assert.ok(report.big.megabytesPerSecond > 5, `${report.big.megabytesPerSecond} MB/s`);
  });
});
