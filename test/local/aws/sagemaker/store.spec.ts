import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { mock } from "node:test";
import { JobStore } from "../../../../local/aws/sagemaker/store.ts";
import { record } from "./support.ts";

describe("the records of training jobs", () => {
  let dir: string;
  let told: string[];
  const open = () => new JobStore(dir, (line) => told.push(line));
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "records-"));
    told = [];
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("tell each change of a job's status once, also after a restart", () => {
    const moved: string[] = [];
    const store = () =>
      new JobStore(
        dir,
        () => undefined,
        (job) => moved.push(job.secondaryStatus),
      );
    const job = record("a", { secondaryStatus: "Starting" });
    const first = store();
    first.save(job);
    first.saveSoon({ ...job, tags: { a: "1" } });
    const again = store();
    again.save(job);
    assert.deepEqual(moved, ["Starting"]);
    again.saveSoon({ ...job, secondaryStatus: "Failed" });
    assert.deepEqual(moved, ["Starting", "Failed"]);
    again.remove(job);
    again.save(job); // another one of the same name
    assert.deepEqual(moved, ["Starting", "Failed", "Starting"]);
  });

  for (const [what, content] of [
    ["empty", ""],
    ["cut off", '{"request": {"Train'],
    ["no record", "{}"],
  ]) {
    it(`are read without one that is ${what}, which is named and kept aside`, () => {
      open().save(record("sound"));
      const file = path.join(dir, "damaged.json");
      writeFileSync(file, content);
      assert.deepEqual(
        open()
          .all()
          .map((job) => job.request.TrainingJobName),
        ["sound"],
      );
      assert.equal(told.length, 1);
      assert.ok(told[0].startsWith(`${file} is damaged`), told[0]);
      assert.equal(readFileSync(`${file}.damaged`, "utf8"), content);
      open();
      assert.equal(told.length, 1); // said once
    });
  }

  it("of a newer version are left alone", () => {
    const file = path.join(dir, "new.json");
    writeFileSync(file, JSON.stringify({ format: 99, ...record("new") }));
    assert.deepEqual(open().all(), []);
    assert.match(told.join(), /new\.json was written by a newer version/);
    assert.ok(existsSync(file));
  });

  it("of an earlier version, without a format, are read and kept where they lie", () => {
    writeFileSync(path.join(dir, "Old.json"), JSON.stringify(record("Old")));
    const store = open();
    store.save(store.get("Old", "us-east-1"));
    assert.deepEqual(readdirSync(dir), ["Old.json"]);
    assert.equal(JSON.parse(readFileSync(path.join(dir, "Old.json"), "utf8")).format, 1);
    store.remove(store.get("Old", "us-east-1"));
    assert.deepEqual(readdirSync(dir), []);
  });

  it("are one each for every name and region, also where a file system takes A for a", () => {
    const store = open();
    store.save(record("job"));
    store.save(record("Job"));
    store.save(record("job", { region: "eu-west-1", arn: "arn:aws:sagemaker:eu-west-1:0:training-job/job" }));
    const names = readdirSync(dir).map((name) => name.toLowerCase());
    assert.equal(new Set(names).size, 3);
    assert.deepEqual(
      open()
        .all("eu-west-1")
        .map((job) => job.region),
      ["eu-west-1"],
    );
    assert.equal(open().all().length, 3);
  });

  it("that cannot be written are not there", () => {
    const store = open();
    rmSync(dir, { recursive: true });
    writeFileSync(dir, "a file in place of the directory");
    assert.throws(() => store.save(record("lost")));
    assert.equal(store.find("lost", "us-east-1"), undefined);
  });
});

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
    assert.equal(new JobStore(jobs, () => {}).get("job", "us-east-1").status, "Completed");
  });

  it("stay away when the job was deleted meanwhile", () => {
    const job = record("job");
    store.save(job);
    breakDisk();
    store.saveSoon(job);
    rmSync(jobs);
    store.remove(job);
    mock.timers.tick(1_000);
    assert.equal(existsSync(path.join(jobs, "job.json")), false);
  });
});
