import { strict as assert } from "node:assert";
import { descendants, ended } from "./support/processTree";
import { TestStack } from "./support/stack";

/** The script has printed its first line, and the engine has shown it. */
const TRAINING = /val_accuracy=0\.5/;

describe("a deployment that is interrupted", function () {
  this.timeout(300_000);
  let stack: TestStack;
  afterEach(() => stack.dispose());

  it("the engine alone killed while the job trains: what it had started ends, and the next up follows the same job to its end", async () => {
    stack = await TestStack.create("killed", { gated: true });
    const up = stack.start(["up", "--yes", "--skip-preview"]);
    await up.until(TRAINING);
    const engine = up.child.pid as number;
    const started = await descendants(engine);
    assert.ok(
      started.some(({ command }) => /dynamic-?provider/i.test(command)),
      JSON.stringify(started),
    );
    process.kill(engine, "SIGKILL");
    await up.finished;
    await stack.ok(["cancel", "--yes", "test"]);

    const following = stack.start(["up", "--yes", "--skip-preview"]);
    await following.until(/is running already: following it/);
    stack.openGate();
    const again = await following.finished;
    assert.equal(again.code, 0, again.output);
    for (const { pid, command } of started) await ended(pid, command);
    const jobs = await stack.jobs();
    assert.deepEqual(
      jobs.map((job) => job.TrainingJobStatus),
      ["Completed"],
    );
    assert.equal((await stack.outputs()).trainingJobName, jobs[0].TrainingJobName);
  });

  it("killed, and the job completes meanwhile: the next up takes its artifact over", async () => {
    stack = await TestStack.create("finishes", { gated: true });
    const up = stack.start(["up", "--yes", "--skip-preview"]);
    await up.until(/\[Downloading\]|\[Training\]|val_accuracy/);
    process.kill(-(up.child.pid as number), "SIGKILL");
    await up.finished;
    await stack.ok(["cancel", "--yes", "test"]);
    stack.openGate();
    await stack.untilJobs(["Completed"]);

    const again = await stack.up();
    assert.equal(again.code, 0, again.output);
    assert.match(again.output, /nothing is trained again/);
    assert.equal((await stack.jobs()).length, 1);
  });

  it("^C once: returns while the job trains, with the job recorded, and the next up follows it", async () => {
    stack = await TestStack.create("detached", { gated: true });
    const up = stack.start(["up", "--yes", "--skip-preview"]);
    await up.until(TRAINING);
    process.kill(-(up.child.pid as number), "SIGINT");
    const { code, output } = await up.finished; // the job does not end before it
    assert.notEqual(code, 0);
    assert.match(output, /training job detached-[0-9a-f]{8} goes on/);
    const [recorded] = await stack.jobsInState();
    assert.equal(recorded.outputs.status, "InProgress");
    assert.equal((await stack.jobs())[0].TrainingJobStatus, "InProgress");

    stack.openGate();
    const again = await stack.up();
    assert.equal(again.code, 0, again.output);
    assert.equal((await stack.jobs()).length, 1);
    const [completed] = await stack.jobsInState();
    assert.equal(completed.outputs.status, "Completed");
  });

  it("^C, then other inputs: the running job is stopped before the next one starts", async () => {
    stack = await TestStack.create("changed", {
      gated: true,
      config: { "training:deletePolicy": "retain" },
    });
    const up = stack.start(["up", "--yes", "--skip-preview"]);
    await up.until(TRAINING);
    process.kill(-(up.child.pid as number), "SIGINT");
    await up.finished;

    const again = await stack.up("-c", "training:hyperparameters.gate=/dev/null", "--config-path"); // which is there
    assert.equal(again.code, 0, again.output);
    const [stopped, completed] = await stack.jobs();
    assert.equal(stopped.TrainingJobStatus, "Stopped");
    assert.equal(completed.TrainingJobStatus, "Completed");
    const ended = stopped.TrainingEndTime as Date;
    assert.ok(ended <= (completed.CreationTime as Date), `${ended} is after ${completed.CreationTime}`);
  });

  it("^C with onCancel stop: the job ends Stopped, and the next up trains again", async () => {
    stack = await TestStack.create("cancelled", {
      gated: true,
      config: { "training:onCancel": "stop" },
    });
    const up = stack.start(["up", "--yes", "--skip-preview"]);
    await up.until(TRAINING);
    process.kill(-(up.child.pid as number), "SIGINT");
    const { output } = await up.finished;
    assert.match(output, /is being stopped/);
    await stack.untilJobs(["Stopped"]);
    assert.equal((await stack.jobsInState()).length, 1);
  });

  it("destroyed while a detached job runs: the job is stopped, and nothing is left", async () => {
    stack = await TestStack.create("destroyed", {
      gated: true,
      config: { "training:deletePolicy": "retain" },
    });
    const up = stack.start(["up", "--yes", "--skip-preview"]);
    await up.until(TRAINING);
    process.kill(-(up.child.pid as number), "SIGINT");
    await up.finished;
    const destroyed = await stack.run(["destroy", "--yes"]);
    assert.equal(destroyed.code, 0, destroyed.output);
    assert.deepEqual(
      (await stack.jobs()).map((job) => job.TrainingJobStatus),
      ["Stopped"],
    );
    assert.deepEqual(await stack.jobsInState(), []);
  });
});
