import assert from "node:assert/strict";
import { moveTo } from "../../../../local/aws/sagemaker/status.ts";
import { record } from "./support.ts";

describe("status transitions", () => {
  it("change the message within a status and end the entry with the next one", () => {
    const job = record("job");
    moveTo(job, "Starting", "Preparing the instances for training", 2000);
    moveTo(job, "Downloading", "Downloading input data", 3000);
    assert.deepEqual(job.transitions, [
      { status: "Starting", start: 1000, end: 3000, message: "Preparing the instances for training" },
      { status: "Downloading", start: 3000, message: "Downloading input data" },
    ]);
    assert.equal(job.lastModifiedTime, 3000);
    assert.equal(job.status, "InProgress");
  });

  for (const [secondary, primary, ended] of [
    ["Completed", "Completed", true],
    ["Failed", "Failed", true],
    ["Stopped", "Stopped", true],
    ["MaxRuntimeExceeded", "Stopped", true],
    ["MaxWaitTimeExceeded", "Stopped", true],
    ["Stopping", "Stopping", false],
    ["Interrupted", "InProgress", false],
    ["Pending", "InProgress", false],
    ["Restarting", "InProgress", false],
  ] as const) {
    it(`${secondary} is ${primary}`, () => {
      const job = record("job");
      moveTo(job, secondary, "", 2000);
      assert.equal(job.status, primary);
      assert.equal(job.secondaryStatus, secondary);
      assert.equal(job.transitions.at(-1)?.end, ended ? 2000 : undefined);
    });
  }
});
