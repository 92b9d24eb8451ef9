import assert from "node:assert/strict";
import { appendFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ACCOUNT } from "../../../../local/aws/front/caller.ts";
import { group, NOW, stream, texts, useLogs } from "./support.ts";

describe("what CloudWatch Logs keeps on disk", () => {
  const { logs, restart, call, make, put, follow } = useLogs();

  it("keeps no file open, however many streams it has read or put late events into", async () => {
    const open = () => readdirSync("/dev/fd").length;
    await make();
    await put(["first"]);
    const before = open();
    for (let i = 0; i < 10; i++) {
      restart();
      await put(["late"], () => NOW - i);
      await call("FilterLogEvents", { ...group, limit: 1 });
    }
    assert.equal(open(), before);
  });

  it("cuts off what a crash left half written", async () => {
    await make();
    await put(["kept"]);
    const [folder] = readdirSync(path.join(logs.dir, "us-east-1"));
    const [file] = readdirSync(path.join(logs.dir, "us-east-1", folder)).filter((name) =>
      name.endsWith(".log"),
    );
    appendFileSync(path.join(logs.dir, "us-east-1", folder, file), `${NOW} 0 half a li`);
    restart();
    await put(["next"]);
    assert.deepEqual(texts(await call("GetLogEvents", stream)), ["kept", "next"]);
  });

  it("names a damaged file, keeps it aside and goes on", async () => {
    await make();
    await make("other");
    const [folder] = readdirSync(path.join(logs.dir, "us-east-1"));
    writeFileSync(path.join(logs.dir, "us-east-1", folder, "other.log"), "");
    restart();
    const { logStreams } = await call("DescribeLogStreams", group);
    assert.equal(logStreams.length, 1);
    assert.match(logs.told.splice(0).join(), /other\.log is damaged .*other\.log\.damaged/);
  });

  it("keeps regions apart", async () => {
    await make();
    await put(["here"]);
    assert.equal((await call("GetLogEvents", stream, "eu-west-1")).error, "ResourceNotFoundException");
    await make(stream.logStreamName, "eu-west-1");
    assert.deepEqual(texts(await call("GetLogEvents", stream, "eu-west-1")), []);
    await make("x", ".."); // whatever a signature calls a region, it is no path
    assert.deepEqual(readdirSync(logs.dir).length, 3);
    const [described] = (await call("DescribeLogGroups", {}, "eu-west-1")).logGroups;
    assert.equal(described.arn, `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:${group.logGroupName}:*`);
  });

  it("forgets events that are older than the group keeps them", async () => {
    await make();
    await put(["old", "new"], (index) => NOW + (index - 1) * 10 * 3_600_000);
    await call("PutRetentionPolicy", { ...group, retentionInDays: 1 });
    assert.deepEqual((await follow({})).lines, ["old", "new"]);
    logs.now = NOW + 20 * 3_600_000;
    assert.deepEqual((await follow({})).lines, ["new"]);
    assert.deepEqual(texts(await call("FilterLogEvents", group)), ["new"]);
    logs.now = NOW + 60 * 3_600_000;
    assert.deepEqual((await follow({})).lines, []);
    assert.equal((await call("DescribeLogStreams", group)).logStreams[0].lastEventTimestamp, undefined);
  });
});
