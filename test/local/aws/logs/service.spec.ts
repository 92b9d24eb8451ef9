import assert from "node:assert/strict";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { group, NOW, stream, texts, useLogs } from "./support.ts";

describe("CloudWatch Logs", () => {
  const { logs, restart, call, make, put } = useLogs();

  it("lists streams by name or by their last event, page by page, also when they go meanwhile", async () => {
    await call("CreateLogGroup", group);
    for (const [index, name] of ["c", "a", "b"].entries()) {
      await call("CreateLogStream", { ...group, logStreamName: name });
      await put(["x"], () => NOW + index, name);
    }
    const list = async (request: object, each = async (_name: string) => {}) => {
      const names: string[] = [];
      let nextToken: string | undefined;
      do {
        const page = await call("DescribeLogStreams", { ...group, limit: 1, ...request, nextToken });
        for (const { logStreamName } of page.logStreams) {
          names.push(logStreamName);
          await each(logStreamName);
        }
        nextToken = page.nextToken;
      } while (nextToken);
      return names;
    };
    assert.deepEqual(await list({}), ["a", "b", "c"]);
    assert.deepEqual(await list({ orderBy: "LastEventTime", descending: true }), ["b", "a", "c"]);
    assert.deepEqual(await list({ logStreamNamePrefix: "b" }), ["b"]);
    const wrong = { ...group, orderBy: "LastEventTime", logStreamNamePrefix: "b" };
    assert.equal((await call("DescribeLogStreams", wrong)).error, "InvalidParameterException");
    const remove = (logStreamName: string) => call("DeleteLogStream", { ...group, logStreamName });
    assert.deepEqual(await list({}, remove), ["a", "b", "c"]);
  });

  it("keeps groups: settings, tags, retention, and their end", async () => {
    await call("CreateLogGroup", { ...group, tags: { a: "1" }, kmsKeyId: "arn:aws:kms:us-east-1:0:key/k" });
    await call("CreateLogGroup", { logGroupName: "other" });
    await call("PutRetentionPolicy", { ...group, retentionInDays: 7 });
    restart();
    const { logGroups } = await call("DescribeLogGroups", { logGroupNamePrefix: "/aws" });
    assert.equal(logGroups.length, 1);
    assert.equal(logGroups[0].retentionInDays, 7);
    const resourceArn = logGroups[0].logGroupArn;
    assert.equal(logGroups[0].arn, `${resourceArn}:*`);
    await call("TagResource", { resourceArn, tags: { b: "2" } });
    await call("UntagResource", { resourceArn, tagKeys: ["a"] });
    assert.deepEqual(await call("ListTagsForResource", { resourceArn }), { tags: { b: "2" } });
    await call("DeleteRetentionPolicy", group);
    await call("DisassociateKmsKey", group);
    const [after] = (await call("DescribeLogGroups", { logGroupNamePattern: "SAGEMAKER" })).logGroups;
    assert.equal(after.retentionInDays ?? after.kmsKeyId, undefined);
    await call("DeleteLogGroup", group);
    assert.equal((await call("DeleteLogGroup", group)).message, "The specified log group does not exist.");
    restart();
    assert.equal((await call("DescribeLogGroups", {})).logGroups.length, 1);
  });

  it("knows a group by its ARN in its own region and account only", async () => {
    await make();
    await put(["here"]);
    const there = "arn:aws:logs:eu-west-1:000000000000:log-group:/aws/sagemaker/TrainingJobs";
    const by = async (logGroupIdentifier: string) =>
      call("GetLogEvents", { logStreamName: stream.logStreamName, logGroupIdentifier });
    assert.deepEqual(texts(await by(there.replace("eu-west-1", "us-east-1"))), ["here"]);
    assert.equal((await by(there)).error, "ResourceNotFoundException");
    assert.equal((await by(there.replace("eu-west-1:0", "us-east-1:1"))).error, "ResourceNotFoundException");
    const listed = await call("DescribeLogGroups", { logGroupIdentifiers: [there] });
    assert.deepEqual(listed.logGroups, []);
  });

  it("refuses the token of another order", async () => {
    await make("a");
    await call("CreateLogStream", { ...group, logStreamName: "b" });
    const { nextToken } = await call("DescribeLogStreams", { ...group, limit: 1 });
    for (const other of [{ orderBy: "LastEventTime" }, { descending: true }]) {
      const { error } = await call("DescribeLogStreams", { ...group, ...other, nextToken });
      assert.equal(error, "InvalidParameterException", JSON.stringify(other));
    }
  });

  it("changes nothing of a group where the disk does not take it", async () => {
    await call("CreateLogGroup", { ...group, tags: { a: "1" } });
    renameSync(logs.dir, `${logs.dir}-away`);
    writeFileSync(logs.dir, "a file in place of the directory");
    assert.equal(
      (await call("PutRetentionPolicy", { ...group, retentionInDays: 7 })).error,
      "ServiceUnavailableException",
    );
    assert.equal(
      (await call("TagLogGroup", { ...group, tags: { b: "2" } })).error,
      "ServiceUnavailableException",
    );
    assert.equal(logs.told.splice(0).length, 2);
    assert.deepEqual(await call("ListTagsLogGroup", group), { tags: { a: "1" } });
    rmSync(logs.dir);
    renameSync(`${logs.dir}-away`, logs.dir);
    const [kept] = (await call("DescribeLogGroups", {})).logGroups;
    assert.equal(kept.retentionInDays, undefined);
  });

  it("refuses as AWS does", async () => {
    const refused = async (operation: string, input: object) => (await call(operation, input)).error;
    assert.equal(await refused("CreateLogStream", stream), "ResourceNotFoundException");
    await make();
    assert.equal(await refused("CreateLogGroup", group), "ResourceAlreadyExistsException");
    assert.equal(await refused("CreateLogStream", stream), "ResourceAlreadyExistsException");
    assert.equal(await refused("CreateLogGroup", { logGroupName: "a b" }), "InvalidParameterException");
    assert.equal(await refused("GetLogEvents", { ...stream, limit: 10_001 }), "InvalidParameterException");
    assert.equal(await refused("GetLogEvents", { ...stream, nextToken: "f/x" }), "InvalidParameterException");
    assert.equal(await refused("FilterLogEvents", { ...group, nextToken: "x" }), "InvalidParameterException");
    assert.equal(
      await refused("PutRetentionPolicy", { ...group, retentionInDays: 2 }),
      "InvalidParameterException",
    );
    assert.equal((await put(["b", "a"], (index) => NOW - index)).error, "InvalidParameterException");
    assert.equal((await put(["x".repeat(1_048_570)])).error, "InvalidParameterException");
    assert.equal(await refused("StartQuery", {}), "UnknownOperationException");
    const tooOld = await put(["old", "new"], (index) => NOW - 14 * 86_400_000 - 1 + index);
    assert.deepEqual(tooOld.rejectedLogEventsInfo, { tooOldLogEventEndIndex: 1 });
    assert.deepEqual(texts(await call("GetLogEvents", stream)), ["new"]);
  });
});
