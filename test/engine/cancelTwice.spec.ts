import { strict as assert } from "node:assert";
import { setTimeout as delay } from "node:timers/promises";
import { TestStack } from "./support/stack";

/** The script has printed its first line, and the engine has shown it. */
const TRAINING = /val_accuracy=0\.5/;

describe("^C pressed twice", function () {
  this.timeout(240_000);
  let stack: TestStack;
  afterEach(() => stack.dispose());

  for (const [when, name, began] of [
    ["while the job trains", "twice-training", TRAINING],
    ["while the job is being created", "twice-creating", / Creating, /],
  ] as const) {
    it(`${when}: ends while the job goes on, and the next up goes on with the same job`, async () => {
      stack = await TestStack.create(name, { gated: true });
      const up = stack.start(["up", "--yes", "--skip-preview"]);
      await up.until(began);
      press(up.child.pid);
      await delay(300);
      press(up.child.pid);
      const { code, output } = await up.finished; // the job does not end before it
      assert.notEqual(code, 0, output);

      stack.openGate();
      const again = await stack.up();

      assert.equal(again.code, 0, again.output);
      assert.deepEqual(
        (await stack.jobs()).map((job) => job.TrainingJobStatus),
        ["Completed"],
      );
      const recorded = await stack.jobsInState();
      assert.deepEqual(
        recorded.map((job) => job.outputs.status),
        ["Completed"],
      );
    });
  }
});

/** A terminal sends ^C to the whole group of processes. */
function press(pid: number | undefined): void {
  try {
    process.kill(-(pid as number), "SIGINT");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // the first one was enough
  }
}
