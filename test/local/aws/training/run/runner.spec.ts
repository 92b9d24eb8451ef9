import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { JobRecord } from "../../../../../local/aws/sagemaker/record.ts";
import { JobStore } from "../../../../../local/aws/sagemaker/store.ts";
import type { RunContext } from "../../../../../local/aws/training/run/runContext.ts";
import { Runner } from "../../../../../local/aws/training/run/runner.ts";
import { validRequest } from "../../sagemaker/support.ts";

describe("a start after a crash", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "runner-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("leaves what a job wrote where its end says that it is, again and again", () => {
    const [workDir, keptDir] = [path.join(dir, "work"), path.join(dir, "kept")];
    const model = path.join(workDir, "job/algo-1/model/model.pth");
    const stale = path.join(workDir, "stale");
    for (const file of [model, path.join(stale, "x")]) {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, "weights");
    }
    writeFileSync(keptDir, "in the way: nothing can be moved there");
    const store = () => new JobStore(path.join(dir, "jobs"), () => undefined);
    const job = { request: validRequest(), arn: "arn", region: "us-east-1", tags: {}, status: "InProgress" };
    const transitions = [{ status: "Training", start: 1, message: "" }];
    const times = { creationTime: 1, lastModifiedTime: 1, metrics: [], processes: [] };
    store().save({ ...job, ...times, secondaryStatus: "Training", transitions } as unknown as JobRecord);
    const start = () => {
      const options = { stateDir: dir };
      const context = { store: store(), options, workDir, keptDir, now: () => 2, log: () => undefined };
      new Runner(context as unknown as RunContext).recover();
    };
    start();
    assert.match(store().get("job", "us-east-1").failureReason ?? "", /is kept in .*work\/job\)/);
    assert.ok(!existsSync(stale));
    start();
    assert.ok(existsSync(model));
  });
});
