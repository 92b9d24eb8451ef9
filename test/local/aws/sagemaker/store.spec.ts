import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { mock } from "node:test";
import { JobStore } from "../../../../local/aws/sagemaker/store.ts";
import { record } from "./support.ts";

describe("the records of jobs on a disk that takes nothing", () => {
  let dir: string;
  let jobs: string;
  let said: string[];
  let store: JobStore;

  beforeEach(() => {
    mock.timers.enable({ apis: ["setInterval"] });
    dir = mkdtempSync(path.join(tmpdir(), "store-"));
    jobs = path.join(dir, "jobs");
    said = [];
    store = new JobStore(jobs, (line) => said.push(line));
  });
  afterEach(() => {
    mock.timers.reset();
    rmSync(dir, { recursive: true, force: true });
  });
  const breakDisk = () => {
    rmSync(jobs, { recursive: true });
    writeFileSync(jobs, "");
  };

  it("are not there when they could not be written at first", () => {
    breakDisk();
    assert.throws(() => store.save(record("new")));
    assert.deepEqual(store.all(), []);
  });

  it("leave no half-written file", () => {
    rmSync(jobs, { recursive: true });
    store.save(record("a"));
    assert.throws(() => store.save({ ...record("a"), self: 1n } as never));
    assert.deepEqual(readdirSync(jobs), ["a.json"]);
  });

  it("are written as they are when the disk takes them again, and it is said once", () => {
    const job = record("job");
    store.save(job);
    breakDisk();
    store.saveSoon(job);
    mock.timers.tick(5_000);
    job.status = "Completed";
    store.saveSoon(job);
    assert.equal(said.length, 1);
    rmSync(jobs);
    mock.timers.tick(1_000);
    assert.equal(new JobStore(jobs).get("job").status, "Completed");
  });

  it("stay away when the job was deleted meanwhile", () => {
    const job = record("job");
    store.save(job);
    breakDisk();
    store.saveSoon(job);
    rmSync(jobs);
    store.remove("job");
    mock.timers.tick(1_000);
    assert.equal(existsSync(path.join(jobs, "job.json")), false);
  });
});
