import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { StreamFile } from "../../../../local/aws/logs/streamFile.ts";

describe("the file of a log stream", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "stream-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("is the old one or the new one when events come late, whatever happens meanwhile", () => {
    const file = path.join(dir, "s.log");
    const stream = StreamFile.create(file, "s", 1);
    stream.append(
      [10, 20, 30].map((timestamp) => ({ timestamp, message: `at ${timestamp}` })),
      40,
    );
    const before = readFileSync(file, "utf8");

    mkdirSync(`${file}.new`); // in the way of the file that is written beside it
    assert.throws(() => stream.append([{ timestamp: 15, message: "late" }], 50));
    assert.equal(readFileSync(file, "utf8"), before);

    stream.append([{ timestamp: 15, message: "late" }], 50);
    const messages = (found: StreamFile) =>
      [...found.forward(found.offsetOf({ time: 0, count: 0 }))].map((e) => e.message);
    assert.deepEqual(messages(stream), ["at 10", "late", "at 20", "at 30"]);
    assert.deepEqual(messages(new StreamFile(file)), messages(stream));
    assert.ok(!existsSync(`${file}.new`));
  });
});
