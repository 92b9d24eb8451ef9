import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { group, NOW, numbers, stream, texts, useLogs } from "./support.ts";

describe("a stream of CloudWatch Logs", () => {
  const { logs, restart, call, make, put, follow } = useLogs();

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
    const [folder] = readdirSync(path.join(logs.dir, "us-east-1"));
    const [file] = readdirSync(path.join(logs.dir, "us-east-1", folder)).filter((name) =>
      name.endsWith(".log"),
    );
    assert.ok(statSync(path.join(logs.dir, "us-east-1", folder, file)).size > 4e6);
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
});
