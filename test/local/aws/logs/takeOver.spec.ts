import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { LogStore } from "../../../../local/aws/logs/store.ts";
import { takeOverLogs } from "../../../../local/aws/logs/takeOver.ts";
import { stateFiles } from "../../../../local/aws/stateFiles.ts";

/** As ministack 1.5.33 wrote it. */
const written = JSON.stringify({
  __ministack_format__: 3,
  payload: {
    log_groups: {
      __account_region_scoped__: true,
      data: {
        "000000000000\0us-east-1\0'/aws/sagemaker/TrainingJobs'": {
          arn: "arn:aws:logs:us-east-1:000000000000:log-group:/aws/sagemaker/TrainingJobs:*",
          creationTime: 1000,
          retentionInDays: null,
          tags: { a: "b" },
          streams: {
            "job/algo-1-1": {
              events: [
                { timestamp: 1001, message: "one", ingestionTime: 1100, eventId: "x" },
                { timestamp: 1002, message: "two\nlines", ingestionTime: 1100, eventId: "y" },
              ],
            },
            "job/empty": { events: [] },
          },
        },
      },
    },
  },
});

describe("logs of an earlier version", () => {
  let dir: string;
  let told: string[];
  let file: string;
  const takeOver = () => {
    const files = stateFiles(dir);
    const store = new LogStore(files.logs, (line) => told.push(line));
    takeOverLogs(store, files, (line) => told.push(line));
    return store;
  };
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "earlier-"));
    told = [];
    file = path.join(stateFiles(dir).ministack, "state/cloudwatch_logs.json");
    mkdirSync(path.dirname(file), { recursive: true });
    mkdirSync(stateFiles(dir).earlierLogs, { recursive: true });
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("are there as before, once", () => {
    writeFileSync(file, written);
    takeOver();
    const group = takeOver().get("us-east-1", "/aws/sagemaker/TrainingJobs");
    assert.deepEqual(group.settings.tags, { a: "b" });
    assert.equal(group.settings.creationTime, 1000);
    assert.deepEqual(
      group.all().map(({ name }) => name),
      ["job/algo-1-1", "job/empty"],
    );
    const stream = group.get("job/algo-1-1");
    assert.deepEqual(
      [...stream.forward(stream.offsetOf({ time: 0, count: 0 }))].map(({ message }) => message),
      ["one", "two\nlines"],
    );
    assert.ok(!existsSync(file) && !existsSync(stateFiles(dir).earlierLogs));
    assert.deepEqual(told, []);
  });

  it("are whole where a start was killed while it took them over", () => {
    writeFileSync(file, written);
    const files = stateFiles(dir);
    const killed = new LogStore(files.logs, () => undefined);
    killed.create("us-east-1", "/aws/sagemaker/TrainingJobs", {}, 1).create("job/algo-1-1", 1);
    const group = takeOver().get("us-east-1", "/aws/sagemaker/TrainingJobs");
    assert.equal(group.get("job/algo-1-1").last?.message, "two\nlines");
    assert.deepEqual(group.settings.tags, { a: "b" });
    assert.deepEqual(told, []);
  });

  it("that cannot be read are kept aside, and told in a line", () => {
    writeFileSync(file, written.slice(0, 300));
    takeOver();
    assert.equal(told.length, 1);
    const aside = path.join(stateFiles(dir).home, "logs-of-earlier-version.json");
    assert.match(told[0], /not taken over: .*logs-of-earlier-version\.json/);
    assert.equal(readFileSync(aside, "utf8"), written.slice(0, 300));
  });

  it("are none in a new state", () => {
    takeOver();
    assert.deepEqual(told, []);
  });
});
