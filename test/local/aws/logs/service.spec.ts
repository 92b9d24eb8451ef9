import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ACCOUNT } from "../../../../local/aws/front/caller.ts";
import { LogsService } from "../../../../local/aws/logs/service.ts";
import { LogStore } from "../../../../local/aws/logs/store.ts";

const NOW = 1_700_000_000_000;
const group = { logGroupName: "/aws/sagemaker/TrainingJobs" };
const stream = { ...group, logStreamName: "job/algo-1-1" };

describe("CloudWatch Logs", () => {
  let dir: string;
  let now: number;
  let told: string[];
  let service: LogsService;
  const restart = () => {
    service = new LogsService(
      new LogStore(dir, (line) => told.push(line)),
      () => now,
      (line) => told.push(line),
    );
  };
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "logs-"));
    now = NOW;
    told = [];
    restart();
  });
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true });
    assert.deepEqual(told, []);
  });

  // biome-ignore lint/suspicious/noExplicitAny: answers are looked at, not used
  async function call(operation: string, input: object, region = "us-east-1"): Promise<any> {
    const caller = { accessKey: "k", region, service: "logs", account: ACCOUNT };
    const { status, body } = await service.handle(operation, Buffer.from(JSON.stringify(input)), caller);
    return status === 200 ? body : { error: `${(body as { __type: string }).__type}`, ...(body as object) };
  }
  async function make(name = stream.logStreamName, region?: string): Promise<void> {
    await call("CreateLogGroup", group, region);
    await call("CreateLogStream", { ...group, logStreamName: name }, region);
  }
  const put = (messages: string[], at = (index: number) => NOW + index, name = stream.logStreamName) =>
    call("PutLogEvents", {
      ...group,
      logStreamName: name,
      logEvents: messages.map((message, index) => ({ timestamp: at(index), message })),
    });
  const texts = (page: { events: { message: string }[] }) => page.events.map(({ message }) => message);
  const numbers = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => `line ${from + index}`);

  async function follow(
    request: object,
    from?: string,
  ): Promise<{ lines: string[]; token: string; calls: number }> {
    const lines: string[] = [];
    let token = from;
    for (let calls = 1; ; calls++) {
      const page = await call("GetLogEvents", {
        ...stream,
        startFromHead: true,
        ...request,
        nextToken: token,
      });
      lines.push(...texts(page));
      if (page.nextForwardToken === token) return { lines, token: token as string, calls };
      token = page.nextForwardToken;
    }
  }

  it("gives back what was put, whatever it holds, and over a restart", async () => {
    await make();
    const messages = ["plain", "two\nlines\r", "back\\slash \\n", "é 😀", " ", "x".repeat(200_000)];
    assert.equal((await put(messages)).rejectedLogEventsInfo, undefined);
    for (const again of [false, true]) {
      if (again) restart();
      const page = await call("GetLogEvents", stream);
      assert.deepEqual(texts(page), messages);
      assert.deepEqual(page.events[1], { timestamp: NOW + 1, message: messages[1], ingestionTime: NOW });
    }
  });

  it("is read to its end, where the token repeats, and from there on", async () => {
    await make();
    // Many events of one time, and pages that end between them.
    await put(numbers(0, 25), (index) => NOW + Math.floor(index / 10));
    const first = await follow({ limit: 7 });
    assert.deepEqual(first.lines, numbers(0, 25));
    assert.equal(first.calls, 5);
    assert.deepEqual((await follow({}, first.token)).lines, []);
    await put(numbers(25, 30), () => NOW + 2);
    assert.deepEqual((await follow({ limit: 2 }, first.token)).lines, numbers(25, 30));
  });

  it("gives the last events first unless told otherwise, and leads back to the first", async () => {
    await make();
    await put(numbers(0, 10), (index) => NOW + Math.floor(index / 4));
    let page = await call("GetLogEvents", { ...stream, limit: 4 });
    assert.deepEqual(texts(page), numbers(6, 10));
    const newest = page.nextForwardToken;
    const seen = texts(page);
    for (let token = ""; page.nextBackwardToken !== token; ) {
      token = page.nextBackwardToken;
      page = await call("GetLogEvents", { ...stream, limit: 4, nextToken: token });
      seen.unshift(...texts(page));
    }
    assert.deepEqual(seen, numbers(0, 10));
    assert.deepEqual(texts(await call("GetLogEvents", { ...stream, nextToken: newest })), []);
  });

  it("takes a time range: from the first, up to but without the second", async () => {
    await make();
    await put(numbers(0, 10));
    const range = { startTime: NOW + 3, endTime: NOW + 6 };
    assert.deepEqual(texts(await call("GetLogEvents", { ...stream, ...range })), numbers(3, 6));
    assert.deepEqual((await follow({ ...range, limit: 2 })).lines, numbers(3, 6));
    assert.deepEqual(texts(await call("FilterLogEvents", { ...group, ...range })), numbers(3, 7));
  });

  it("finds its way in a large file by halving it, in memory of a block", async () => {
    await make();
    const wide = "w".repeat(90);
    for (let batch = 0; batch < 8; batch++) {
      await put(
        Array.from({ length: 5000 }, (_, index) => `${batch * 5000 + index} ${wide}`),
        (index) => NOW + batch * 5000 + index,
      );
    }
    const [folder] = readdirSync(path.join(dir, "us-east-1"));
    const [file] = readdirSync(path.join(dir, "us-east-1", folder)).filter((name) => name.endsWith(".log"));
    assert.ok(statSync(path.join(dir, "us-east-1", folder, file)).size > 4e6);
    restart();
    for (const at of [0, 1, 777, 19_999, 20_000, 39_998, 39_999]) {
      const page = await call("GetLogEvents", {
        ...stream,
        startTime: NOW + at,
        startFromHead: true,
        limit: 1,
      });
      assert.equal(page.events[0].message, `${at} ${wide}`);
    }
    const { lines } = await follow({});
    assert.equal(lines.length, 40_000);
    assert.equal(lines[39_999], `39999 ${wide}`);
    const last = await call("GetLogEvents", { ...stream, limit: 2 });
    assert.deepEqual(texts(last), [`39998 ${wide}`, `39999 ${wide}`]);
    // One page is at most a megabyte and 10,000 events.
    assert.ok((await call("GetLogEvents", { ...stream, startFromHead: true })).events.length <= 10_000);
  });

  it("puts late events where they belong, and tokens stay right", async () => {
    await make();
    await put(["a", "d", "e"], (index) => NOW + index * 10);
    const { token } = await follow({});
    await put(["b", "c", "f"], (index) => NOW + 5 + index * 20);
    const all = ["a", "b", "d", "e", "c", "f"];
    assert.deepEqual((await follow({})).lines, all);
    restart();
    assert.deepEqual((await follow({})).lines, all);
    assert.deepEqual((await follow({}, token)).lines, ["c", "f"]);
    const [described] = (await call("DescribeLogStreams", group)).logStreams;
    assert.equal(described.lastEventTimestamp, NOW + 45);
  });

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
    const [folder] = readdirSync(path.join(dir, "us-east-1"));
    const [file] = readdirSync(path.join(dir, "us-east-1", folder)).filter((name) => name.endsWith(".log"));
    appendFileSync(path.join(dir, "us-east-1", folder, file), `${NOW} 0 half a li`);
    restart();
    await put(["next"]);
    assert.deepEqual(texts(await call("GetLogEvents", stream)), ["kept", "next"]);
  });

  it("names a damaged file, keeps it aside and goes on", async () => {
    await make();
    await make("other");
    const [folder] = readdirSync(path.join(dir, "us-east-1"));
    writeFileSync(path.join(dir, "us-east-1", folder, "other.log"), "");
    restart();
    const { logStreams } = await call("DescribeLogStreams", group);
    assert.equal(logStreams.length, 1);
    assert.match(told.splice(0).join(), /other\.log is damaged .*other\.log\.damaged/);
  });

  describe("searched", () => {
    beforeEach(async () => {
      await make("a/algo-1");
      await call("CreateLogStream", { ...group, logStreamName: "a/algo-2" });
      await call("CreateLogStream", { ...group, logStreamName: "b/algo-1" });
      await put(["a1 one ERROR", "a1 two"], (index) => NOW + index * 10, "a/algo-1");
      await put(["a2 one", "a2 two ERROR"], (index) => NOW + index * 10, "a/algo-2");
      await put(["b1 one ERROR"], () => NOW + 5, "b/algo-1");
    });
    const search = async (request: object) => {
      const found: string[] = [];
      let nextToken: string | undefined;
      do {
        const page = await call("FilterLogEvents", { ...group, limit: 1, ...request, nextToken });
        found.push(...texts(page));
        nextToken = page.nextToken;
      } while (nextToken);
      const whole = await call("FilterLogEvents", { ...group, ...request });
      assert.deepEqual(found, texts(whole)); // in pages as in one
      return found;
    };

    it("gives all streams in the order of time", async () => {
      assert.deepEqual(await search({}), [
        "a1 one ERROR",
        "a2 one",
        "b1 one ERROR",
        "a1 two",
        "a2 two ERROR",
      ]);
    });

    it("looks into the streams that are asked for only", async () => {
      assert.deepEqual(await search({ logStreamNamePrefix: "a/" }), [
        "a1 one ERROR",
        "a2 one",
        "a1 two",
        "a2 two ERROR",
      ]);
      assert.deepEqual(await search({ logStreamNames: ["b/algo-1", "a/algo-2"] }), [
        "a2 one",
        "b1 one ERROR",
        "a2 two ERROR",
      ]);
      const both = { ...group, logStreamNames: ["b/algo-1"], logStreamNamePrefix: "a" };
      assert.equal((await call("FilterLogEvents", both)).error, "InvalidParameterException");
      const missing = { ...group, logStreamNames: ["none"] };
      assert.equal((await call("FilterLogEvents", missing)).error, "ResourceNotFoundException");
    });

    it("finds terms, one of several, phrases, expressions and their absence", async () => {
      assert.deepEqual(await search({ filterPattern: "ERROR" }), [
        "a1 one ERROR",
        "b1 one ERROR",
        "a2 two ERROR",
      ]);
      assert.deepEqual(await search({ filterPattern: "ERROR one" }), ["a1 one ERROR", "b1 one ERROR"]);
      assert.deepEqual(await search({ filterPattern: "?two ?b1" }), [
        "b1 one ERROR",
        "a1 two",
        "a2 two ERROR",
      ]);
      assert.deepEqual(await search({ filterPattern: "-ERROR one" }), ["a2 one"]);
      assert.deepEqual(await search({ filterPattern: '"one ERROR"' }), ["a1 one ERROR", "b1 one ERROR"]);
      assert.deepEqual(await search({ filterPattern: "%^a. two%" }), ["a1 two", "a2 two ERROR"]);
      assert.deepEqual(await search({ filterPattern: "nothing" }), []);
      for (const filterPattern of ["{ $.level = 1 }", '"open', "%(a+)+%"]) {
        assert.equal(
          (await call("FilterLogEvents", { ...group, filterPattern })).error,
          "InvalidParameterException",
        );
      }
    });

    it("has an id of its own for every event", async () => {
      const ids = (await call("FilterLogEvents", group)).events.map(
        ({ eventId }: { eventId: string }) => eventId,
      );
      assert.equal(new Set(ids).size, 5);
      assert.match(ids[0], /^\d{56}$/);
    });
  });

  it("keeps regions apart", async () => {
    await make();
    await put(["here"]);
    assert.equal((await call("GetLogEvents", stream, "eu-west-1")).error, "ResourceNotFoundException");
    await make(stream.logStreamName, "eu-west-1");
    assert.deepEqual(texts(await call("GetLogEvents", stream, "eu-west-1")), []);
    await make("x", ".."); // whatever a signature calls a region, it is no path
    assert.deepEqual(readdirSync(dir).length, 3);
    const [described] = (await call("DescribeLogGroups", {}, "eu-west-1")).logGroups;
    assert.equal(described.arn, `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:${group.logGroupName}:*`);
  });

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

  it("forgets events that are older than the group keeps them", async () => {
    await make();
    await put(["old", "new"], (index) => NOW + (index - 1) * 10 * 3_600_000);
    await call("PutRetentionPolicy", { ...group, retentionInDays: 1 });
    assert.deepEqual((await follow({})).lines, ["old", "new"]);
    now = NOW + 20 * 3_600_000;
    assert.deepEqual((await follow({})).lines, ["new"]);
    assert.deepEqual(texts(await call("FilterLogEvents", group)), ["new"]);
    now = NOW + 60 * 3_600_000;
    assert.deepEqual((await follow({})).lines, []);
    assert.equal((await call("DescribeLogStreams", group)).logStreams[0].lastEventTimestamp, undefined);
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
