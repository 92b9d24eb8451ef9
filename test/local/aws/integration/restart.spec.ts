import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { ListTrainingJobsCommand } from "@aws-sdk/client-sagemaker";
import { findRunning } from "../../../../local/aws/client.ts";
import { TestAws, until } from "./testAws.ts";

const endless = [
  "import os, subprocess, sys, time",
  // A worker of the script, as a data loader has.
  "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], start_new_session=True)",
  "print(f'pids {os.getpid()} {child.pid}', flush=True)",
  "while True: time.sleep(0.05)",
].join("\n");

function isAlive(pid: number): boolean {
  try {
    // A zombie that waits for its parent has ended.
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

describe("stop and start of the local AWS", function () {
  this.timeout(120_000);
  let aws: TestAws;

  before(async () => {
    aws = await TestAws.start({ LOCAL_AWS_STOP_GRACE_SECONDS: "1" });
  });
  after(async () => {
    await aws.remove();
  });

  async function pidsOf(name: string): Promise<number[]> {
    await aws.waitForLine(name, "pids ");
    const line = (await aws.logLines(name)).find((text) => text.startsWith("pids ")) ?? "";
    return line.split(" ").slice(1).map(Number);
  }

  it("keeps jobs, objects, roles, logs and the port over a graceful stop, and ends what runs", async () => {
    await aws.put("kept.txt", "kept");
    await aws.createJob("done", "print('a line to keep')");
    await aws.waitForEnd("done");
    await aws.createJob("running", endless);
    const pids = await pidsOf("running");
    const { port } = aws.running;

    await aws.stop();
    assert.equal(await findRunning(aws.stateDir), undefined);
    assert.deepEqual(pids.filter(isAlive), []);

    await aws.launch();
    assert.equal(aws.running.port, port);
    assert.deepEqual((await findRunning(aws.stateDir))?.running, aws.running);
    assert.equal((await aws.get("kept.txt")).toString(), "kept");
    assert.equal((await aws.describe("done")).TrainingJobStatus, "Completed");
    assert.ok((await aws.logLines("done")).includes("a line to keep"));
    const stopped = await aws.describe("running");
    assert.equal(stopped.TrainingJobStatus, "Stopped");
    await aws.createJob("after", "print(1)"); // the role is still there
    assert.equal((await aws.waitForEnd("after")).TrainingJobStatus, "Completed");
  });

  it("fails the jobs that a crash interrupted, and leaves no process behind", async () => {
    await aws.createJob("crashed", endless);
    const pids = await pidsOf("crashed");
    await aws.kill();
    await aws.launch();

    const job = await aws.describe("crashed");
    assert.equal(job.TrainingJobStatus, "Failed");
    assert.match(job.FailureReason ?? "", /^InternalServerError: /);
    assert.deepEqual(pids.filter(isAlive), []);
    const list = await aws.sagemaker.send(new ListTrainingJobsCommand({ StatusEquals: "InProgress" }));
    assert.deepEqual(list.TrainingJobSummaries, []);
    assert.ok(!existsSync(path.join(aws.stateDir, "aws/sagemaker/work/crashed")));
  });

  it("ends the job and ministack by themselves when the server is killed", async () => {
    await aws.createJob("orphaned", endless);
    const [script] = await pidsOf("orphaned");
    await aws.kill();
    await until("the script to end", () => !isAlive(script));
    await aws.launch();
  });

  it("starts ministack again when that dies, and serves on, with the log of a running job", async () => {
    const script =
      "import time\nfor i in range(40):\n    print(f'tick {i}', flush=True)\n    time.sleep(0.1)";
    await aws.createJob("ticking", script);
    await aws.waitForLine("ticking", "tick 3");
    const children = readFileSync(`/proc/${aws.running.pid}/task/${aws.running.pid}/children`, "utf8");
    const [ministack] = children.trim().split(" ").map(Number);
    process.kill(ministack, "SIGKILL");
    await until("S3 to answer again", async () => {
      try {
        return (await aws.get("kept.txt")).toString() === "kept";
      } catch {
        return false;
      }
    });
    assert.equal((await aws.waitForEnd("ticking")).TrainingJobStatus, "Completed");
    // The role was not lost with the process that held it.
    await aws.createJob("after-crash", "print(1)");
    const ticks = (await aws.logLines("ticking")).filter((line) => line.startsWith("tick"));
    assert.equal(ticks.at(-1), "tick 39");
    assert.ok(ticks.length >= 25, ticks.join());
  });
});
