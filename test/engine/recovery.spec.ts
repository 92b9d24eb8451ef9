import { strict as assert } from "node:assert";
import { descendants, ended } from "./support/processTree";
import { TestStack } from "./support/stack";

/** The script has printed its first line, and the engine has shown it. */
const TRAINING = /val_accuracy=0\.5/;
const LONG = { config: { "training:hyperparameters": { seconds: 25 } } };

describe("a deployment that is interrupted", function () {
  this.timeout(300_000);
  let stack: TestStack;
  afterEach(() => stack.dispose());

  it("the engine alone killed while the job trains: what it had started ends, and the next up follows the same job to its end", async () => {
    stack = await TestStack.create("killed", LONG);
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

    const again = await stack.up();
    assert.equal(again.code, 0, again.output);
    // On a slow machine the job has come to its end meanwhile.
    assert.match(again.output, /is running already: following it|nothing is trained again/);
    for (const { pid, command } of started) await ended(pid, command);
    const jobs = await stack.jobs();
    assert.deepEqual(
      jobs.map((job) => job.TrainingJobStatus),
      ["Completed"],
    );
    assert.equal((await stack.outputs()).trainingJobName, jobs[0].TrainingJobName);
  });

  it("killed, and the job completes meanwhile: the next up takes its artifact over", async () => {
    stack = await TestStack.create("finishes", { config: { "training:hyperparameters": { seconds: 3 } } });
    const up = stack.start(["up", "--yes", "--skip-preview"]);
    await up.until(/\[Downloading\]|\[Training\]|val_accuracy/);
    process.kill(-(up.child.pid as number), "SIGKILL");
    await up.finished;
    await stack.ok(["cancel", "--yes", "test"]);
    await stack.untilJobs(["Completed"]);

    const again = await stack.up();
    assert.equal(again.code, 0, again.output);
    assert.match(again.output, /nothing is trained again/);
    assert.equal((await stack.jobs()).length, 1);
  });

  it("^C once: returns within 3 s with the job recorded, and the next up follows it", async () => {
    stack = await TestStack.create("detached", LONG);
    const up = stack.start(["up", "--yes", "--skip-preview"]);
    await up.until(TRAINING);
    const pressed = Date.now();
    process.kill(-(up.child.pid as number), "SIGINT");
    const { code, output } = await up.finished;
    assert.ok(Date.now() - pressed < 3_000, `took ${Date.now() - pressed} ms:\n${output}`);
    assert.notEqual(code, 0);
    assert.match(output, /training job detached-[0-9a-f]{8} goes on/);
    const [recorded] = await stack.jobsInState();
    assert.equal(recorded.outputs.status, "InProgress");
    assert.equal((await stack.jobs())[0].TrainingJobStatus, "InProgress");

    const again = await stack.up();
    assert.equal(again.code, 0, again.output);
    assert.equal((await stack.jobs()).length, 1);
    const [completed] = await stack.jobsInState();
    assert.equal(completed.outputs.status, "Completed");
  });

  it("^C, then other inputs: the running job is stopped before the next one starts", async () => {
    stack = await TestStack.create("changed", {
      config: { "training:hyperparameters": { seconds: 120 }, "training:deletePolicy": "retain" },
    });
    const up = stack.start(["up", "--yes", "--skip-preview"]);
    await up.until(TRAINING);
    process.kill(-(up.child.pid as number), "SIGINT");
    await up.finished;

    const again = await stack.up("-c", "training:hyperparameters.seconds=1", "--config-path");
    assert.equal(again.code, 0, again.output);
    const [stopped, completed] = await stack.jobs();
    assert.equal(stopped.TrainingJobStatus, "Stopped");
    assert.equal(completed.TrainingJobStatus, "Completed");
    const ended = stopped.TrainingEndTime as Date;
    assert.ok(ended <= (completed.CreationTime as Date), `${ended} is after ${completed.CreationTime}`);
  });

  it("^C with onCancel stop: the job ends Stopped, and the next up trains again", async () => {
    stack = await TestStack.create("cancelled", {
      config: { "training:hyperparameters": { seconds: 60 }, "training:onCancel": "stop" },
    });
    const up = stack.start(["up", "--yes", "--skip-preview"]);
    await up.until(TRAINING);
    const pressed = Date.now();
    process.kill(-(up.child.pid as number), "SIGINT");
    const { output } = await up.finished;
    assert.ok(Date.now() - pressed < 3_000, `took ${Date.now() - pressed} ms:\n${output}`);
    assert.match(output, /is being stopped/);
    await stack.untilJobs(["Stopped"]);
    assert.equal((await stack.jobsInState()).length, 1);
  });

  it("destroyed while a detached job runs: the job is stopped, and nothing is left", async () => {
    stack = await TestStack.create("destroyed", {
      config: { "training:hyperparameters": { seconds: 90 }, "training:deletePolicy": "retain" },
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
