import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { JobRecord } from "../../../../../local/aws/sagemaker/record.ts";
import { keepResults } from "../../../../../local/aws/training/run/keepResults.ts";

describe("what a job wrote and nobody has uploaded", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "kept-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const record = (LocalPath?: string) =>
    ({
      request: {
        TrainingJobName: "job",
        ResourceConfig: { InstanceCount: 1 },
        CheckpointConfig: { S3Uri: "s3://bucket/checkpoints", LocalPath },
      },
      region: "us-east-1",
      creationTime: 1,
      transitions: [{ status: "Training", start: 1, message: "" }],
    }) as unknown as JobRecord;
  const write = (file: string) => {
    const to = path.join(dir, "work/job/algo-1", file);
    mkdirSync(path.dirname(to), { recursive: true });
    writeFileSync(to, file);
  };

  for (const local of [
    undefined,
    "checkpoints",
    "model",
    "model/checkpoints",
    "output",
    "output/data",
    "output/data/x",
  ]) {
    it(`is put aside whole, with checkpoints in ${local ?? "their default folder"}`, () => {
      const files = ["model/model.pth", "output/data/metrics.json", `${local ?? "checkpoints"}/last.ckpt`];
      for (const file of files) write(file);
      const kept = keepResults(
        record(local && `/opt/ml/${local}`),
        path.join(dir, "work"),
        path.join(dir, "kept"),
      );
      assert.equal(kept, path.join(dir, "kept/job-1"));
      for (const file of files) assert.equal(readFileSync(path.join(kept, "algo-1", file), "utf8"), file);
    });
  }

  it("is nothing where the job has written nothing", () => {
    assert.equal(keepResults(record(), path.join(dir, "work"), path.join(dir, "kept")), undefined);
    assert.equal(existsSync(path.join(dir, "kept")), false);
  });
});
