import assert from "node:assert/strict";
import { runningHosts, threadsEach } from "../../../../../local/aws/training/run/threads.ts";
import { record } from "../../sagemaker/support.ts";

describe("the hosts that run", () => {
  const host = (pid: number) => ({ pid, startTicks: "1" });

  it("are those of jobs that have started and not ended", () => {
    const jobs = [
      record("waits", { status: "InProgress", processes: [] }),
      record("two", { status: "InProgress", processes: [host(1), host(2)] }),
      record("stops", { status: "Stopping", processes: [host(3)] }),
      record("failed", { status: "Failed", processes: [host(4)] }),
    ];
    assert.equal(runningHosts(jobs), 3);
  });
});

describe("the threads of a host", () => {
  for (const [cores, hosts, threads] of [
    [2, 1, 2],
    [2, 2, 1],
    [8, 3, 2],
    [2, 5, 1],
  ]) {
    it(`are ${threads} where ${hosts} run on ${cores} cores`, () =>
      assert.equal(threadsEach(cores, hosts), threads));
  }
});
