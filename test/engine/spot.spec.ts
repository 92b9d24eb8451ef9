import { strict as assert } from "node:assert";
import { DescribeTrainingJobCommand } from "@aws-sdk/client-sagemaker";
import type { Cost } from "../../components/trainingJob/cost/cost";
import type { Attempt } from "../../components/trainingJob/state/facts";
import { testAws } from "./support/aws";
import { jobProgram } from "./support/jobProgram";
import { TestStack } from "./support/stack";

/** A script of three steps that goes on after the last one that it finds in its checkpoints; without any it never gets past step 2. */
const STEPS = `
import argparse, os, time
parser = argparse.ArgumentParser()
parser.add_argument("--checkpoints")
arguments = parser.parse_args()
at = os.path.join(arguments.checkpoints, "step")
first = int(open(at).read()) + 1 if os.path.exists(at) else 1
print(f"begins at step {first}", flush=True)
for step in range(first, 4):
    open(at, "w").write(str(step))
    print(f"step {step} done", flush=True)
    while first == 1 and step == 2:
        time.sleep(0.1)
time.sleep(3)  # seconds are billed whole: a shorter training leaves nothing to save
open(os.path.join(os.environ["SM_MODEL_DIR"], "model.pth"), "w").write("weights")
`;

/** What the script prints when its machines are taken away once, in step 2. */
const RESUMED = ["begins at step 1", "step 1 done", "step 2 done", "begins at step 3", "step 3 done"];

const CONFIG = {
  // The local AWS puts the host's own folder in place of this path.
  "training:hyperparameters": { checkpoints: "/opt/ml/checkpoints" },
};

/** Lines of the script in the diagnostics at the end; above them the display repeats the last one on the row. */
const shown = (output: string) =>
  output
    .slice(output.lastIndexOf("Diagnostics:"))
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /^begins at step \d$|^step \d done$/.test(line));

const told = (attempts: unknown) =>
  (attempts as Attempt[]).map((each) => [
    each.trainingJobName.replace(/[0-9a-f]{8}/, "HASH"),
    each.purchaseOption,
    each.secondaryStatus,
  ]);

describe("spot training", function () {
  this.timeout(240_000);
  let stack: TestStack;
  afterEach(async () => {
    await (await testAws()).faults({});
    await stack.dispose();
  });

  it("goes on from its checkpoints after an interruption, and shows every log line once", async () => {
    stack = await TestStack.create("reclaimed", { script: STEPS, config: CONFIG });
    await (await testAws()).faults({
      jobs: [{ name: "reclaimed-*", spotInterruptions: 1, interruptOnLine: "step 2 done" }],
    });

    const { code, output } = await stack.up();

    assert.equal(code, 0, output);
    assert.deepEqual(shown(output), RESUMED, output);
    const { attempts, cost } = await stack.outputs();
    assert.deepEqual(told(attempts), [["reclaimed-HASH", "spot", "Completed"]]);
    assert.ok(Number((cost as Cost).savedPercent) > 0, JSON.stringify(cost));
    const [inState] = await stack.jobsInState();
    assert.match(JSON.stringify(inState.outputs.timeline), /"status":"Interrupted"/);
  });

  it("falls back to on-demand when no spot capacity comes, from the same checkpoints", async () => {
    stack = await TestStack.create("fallback", {
      script: STEPS,
      config: {
        ...CONFIG,
        "training:fallback": "on-demand",
        "training:maxRun": 40,
        "training:maxWait": 40,
      },
    });
    // Capacity comes late: the job trains up to step 2, and its time is over.
    await (await testAws()).faults({ jobs: [{ name: "fallback-*", noSpotCapacity: 8 }] });

    const { code, output } = await stack.up();

    assert.equal(code, 0, output);
    assert.match(output, /going on with fallback-[0-9a-f]{8}-od on demand/);
    assert.deepEqual(shown(output), RESUMED, output);
    const { attempts, trainingJobName } = await stack.outputs();
    assert.deepEqual(told(attempts), [
      ["fallback-HASH", "spot", "MaxWaitTimeExceeded"],
      ["fallback-HASH-od", "on-demand", "Completed"],
    ]);
    assert.match(String(trainingJobName), /-od$/);
    const [spot, onDemand] = await Promise.all(
      (await stack.jobs()).map((job) => describeJob(job.TrainingJobName)),
    );
    assert.equal(spot.EnableManagedSpotTraining, true);
    assert.equal(onDemand.EnableManagedSpotTraining, false);
    assert.deepEqual(onDemand.CheckpointConfig, spot.CheckpointConfig);

    const again = await stack.run(["preview", "--expect-no-changes"]);
    assert.equal(again.code, 0, again.output);
  });

  it("without a fallback: fails with the reason and what to do, and doing it goes on with on-demand", async () => {
    stack = await TestStack.create("nospot", { config: { "training:maxRun": 15, "training:maxWait": 15 } });
    await (await testAws()).faults({ jobs: [{ name: "nospot-*", noSpotCapacity: true }] });

    const { code, output } = await stack.up();

    assert.notEqual(code, 0, output);
    assert.match(output, /nospot-[0-9a-f]{8} ended Stopped \(MaxWaitTimeExceeded\) without a model artifact/);
    assert.match(output, /no spot capacity came in time: raise maxWait, .* or set fallback to on-demand/);
    const [failed] = await stack.jobsInState();
    assert.equal(failed.outputs.secondaryStatus, "MaxWaitTimeExceeded");
    assert.equal(failed.outputs.modelArtifact, null);

    const mended = await stack.up("-c", "training:fallback=on-demand");
    assert.equal(mended.code, 0, mended.output);
    assert.deepEqual(told((await stack.outputs()).attempts), [
      ["nospot-HASH", "spot", "MaxWaitTimeExceeded"],
      ["nospot-HASH-od", "on-demand", "Completed"],
    ]);
  });

  it("falls back when a spot job fails for lack of capacity and its retries are used up", async () => {
    stack = await TestStack.create("capacity", {
      program: jobProgram(`spot: { maxWait: "1h", fallback: "on-demand", capacityRetries: 0 },`),
    });
    await (await testAws()).faults({
      jobs: [{ name: "capacity-*", capacityErrors: true, capacityErrorsFor: "spot" }],
    });

    const { code, output } = await stack.up();

    assert.equal(code, 0, output);
    const { attempts } = await stack.outputs();
    assert.deepEqual(told(attempts), [
      ["capacity-HASH", "spot", "Failed"],
      ["capacity-HASH-od", "on-demand", "Completed"],
    ]);
    assert.match(String((attempts as Attempt[])[0].reason), /^CapacityError/);
  });

  const describeJob = (name: string | undefined) =>
    stack.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
});
