import { strict as assert } from "node:assert";
import { type StackOptions, TestStack } from "./support/stack";

/** The script has printed its first line, and the engine has shown it. */
const TRAINING = /val_accuracy=0\.5/;
const LONG: StackOptions = { gated: true, config: { "training:deletePolicy": "retain" } };

/** Index.ts with the experiment under another name than before. */
const program = (name: string, options = "") => `
import { loadConfig } from "./components/config";
import { Experiment } from "./components/experiment";
const config = loadConfig();
const { job } = new Experiment("${name}", config${options});
export const modelArtifact = job.modelArtifact;
export const trainingJobName = job.trainingJobName;
`;

describe("a training that is interrupted belongs to its stack", function () {
  this.timeout(300_000);
  let stack: TestStack;
  afterEach(() => stack.dispose());

  /** A deployment that is ended while its job trains; what it said until then. */
  async function interrupted(signal: "SIGINT" | "SIGKILL"): Promise<string> {
    const up = stack.start(["up", "--yes", "--skip-preview"]);
    await up.until(TRAINING);
    process.kill(-(up.child.pid as number), signal);
    const { output } = await up.finished;
    if (signal === "SIGKILL") await stack.ok(["cancel", "--yes", stack.stackName]);
    return output;
  }

  const statuses = async () => (await stack.jobs()).map((job) => job.TrainingJobStatus);

  it("first up, killed, destroy: the job that no state names is stopped, and said", async () => {
    stack = await TestStack.create("orphan", LONG);
    await interrupted("SIGKILL");
    assert.deepEqual(await statuses(), ["InProgress"]);
    assert.deepEqual(await stack.jobsInState(), []);

    const destroyed = await stack.run(["destroy", "--yes"]);
    assert.equal(destroyed.code, 0, destroyed.output);
    assert.deepEqual(await statuses(), ["Stopped"], destroyed.output);
    assert.match(
      destroyed.output,
      /orphan-[0-9a-f]{8}, which an interrupted deployment left running, is being stopped/,
    );
  });

  it("^C, up, killed, destroy: the job is stopped", async () => {
    stack = await TestStack.create("ended-again", LONG);
    await interrupted("SIGINT");
    const again = stack.start(["up", "--yes", "--skip-preview"]);
    await again.until(/is running already: following it/);
    process.kill(-(again.child.pid as number), "SIGKILL");
    await again.finished;
    await stack.ok(["cancel", "--yes", "test"]);

    const destroyed = await stack.run(["destroy", "--yes"]);
    assert.equal(destroyed.code, 0, destroyed.output);
    assert.deepEqual(await statuses(), ["Stopped"], destroyed.output);
  });

  it("^C, stack rename, up: the same job is followed to its end", async () => {
    stack = await TestStack.create("renamed", LONG);
    await interrupted("SIGINT");
    await stack.ok(["stack", "rename", "prod", "--stack", "test"]);
    stack.stackName = "prod";

    const following = stack.start(["up", "--yes", "--skip-preview"]);
    await following.until(/is running already: following it/);
    stack.openGate();
    const again = await following.finished;
    assert.equal(again.code, 0, again.output);
    assert.deepEqual(await statuses(), ["Completed"], again.output);
    assert.equal((await stack.outputs()).trainingJobName, (await stack.jobs())[0].TrainingJobName);
  });

  it("^C, an alias to another name, up: the same job is followed to its end", async () => {
    stack = await TestStack.create("alias", { ...LONG, program: program("one") });
    await interrupted("SIGINT");
    stack.write("index.ts", program("two", `, { aliases: [{ name: "one" }] }`));

    stack.openGate();
    const again = await stack.up();
    assert.equal(again.code, 0, again.output);
    assert.deepEqual(await statuses(), ["Completed"], again.output);
    assert.doesNotMatch(again.output, /Trains again/);
  });

  it("^C, another AWS_REGION, destroy: the job is stopped where it runs", async () => {
    stack = await TestStack.create("region", {
      gated: true,
      config: { ...LONG.config, "aws:region": undefined },
      env: { AWS_REGION: "us-east-1" },
    });
    await interrupted("SIGINT");
    const [recorded] = await stack.jobsInState();
    assert.equal(recorded.inputs.region, "us-east-1");

    stack.env.AWS_REGION = "eu-west-1";
    const destroyed = await stack.run(["destroy", "--yes"]);
    assert.equal(destroyed.code, 0, destroyed.output);
    assert.deepEqual(await statuses(), ["Stopped"], destroyed.output);
  });

  it("killed, other inputs, up: the job of the killed deployment is stopped before another starts", async () => {
    stack = await TestStack.create("superseded", LONG);
    await interrupted("SIGKILL");
    const again = await stack.up("-c", "training:hyperparameters.gate=/dev/null", "--config-path"); // which is there
    assert.equal(again.code, 0, again.output);
    assert.deepEqual(await statuses(), ["Stopped", "Completed"], again.output);
    assert.match(
      again.output,
      /of an earlier deployment of this resource with other inputs, still runs: stopping it/,
    );
  });
});
