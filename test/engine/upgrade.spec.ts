import { strict as assert } from "node:assert";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { recordedNames } from "./support/recordedState";
import { type Deployment, Replay } from "./support/replay";
import { SCRIPT } from "./support/stack";

/**
 * What a later program may do to the resources of an old stack besides the job, by type; nothing else of it changes with an upgrade. The
 * code is uploaded once more, as bytes that every machine packs alike; the role's trust is bound to the account; the provider of dynamic
 * resources is configured with every key of the project, new ones too; and the engine has a provider of its own for the question
 * whether the stack has outputs, which it asks before it looks for a kept bucket.
 */
const MAY_HAPPEN: Record<string, string> = {
  "pulumi-nodejs:dynamic/sagemaker:TrainingJobOwner": "create",
  "aws:s3/bucketObjectv2:BucketObjectv2": "update",
  "aws:iam/role:Role": "update",
  "pulumi:providers:pulumi-nodejs": "update",
  "pulumi:providers:pulumi": "create",
};

/** What today's program does at first with the job of each recorded state; every other kind of stack stays as it is. */
const FIRST_STEP: Record<string, string> = { detached: "update", failed: "replace" };
/** How the engine tells a replacement, step by step, of one resource. */
const REPLACEMENT = ["create-replacement", "replace", "delete-replaced"];

describe("a stack of an earlier release", function () {
  this.timeout(600_000);
  let replay: Replay;
  afterEach(() => replay.dispose());

  /** What is done to the job; and nothing is done to anything else, but for what may be new. */
  const toTheJob = ({ code, output, steps }: Deployment): string[] => {
    assert.equal(code, 0, output);
    const { urn } = replay.job;
    const others = steps.filter((step) => step.urn !== urn && step.op !== "same");
    assert.deepEqual(
      others.filter(({ op, type }) => op !== MAY_HAPPEN[type]),
      [],
      output,
    );
    const known = replay.recorded.state.deployment.resources.map((each) => each.urn);
    const seen = new Set(steps.map((step) => step.urn));
    assert.deepEqual(
      known.filter((each) => !seen.has(each) && !/^urn:.*::pulumi:providers:/.test(each)),
      [],
      `the program knows nothing of these any more:\n${output}`,
    );
    return steps.filter((step) => step.urn === urn).map((step) => step.op);
  };

  for (const name of recordedNames().filter((each) => !(each in FIRST_STEP))) {
    it(`stays as it is: ${name}`, async () => {
      replay = await Replay.start(name);
      const preview = await replay.deploy("preview", "--diff");
      assert.deepEqual(toTheJob(preview), ["same"], preview.output);
      assert.doesNotMatch(preview.output, /Trains again/);

      // Of the job alone: the settings of the buckets were not put back.
      const refresh = ["refresh", "--yes", "--skip-preview", "--target", replay.job.urn];
      await replay.stack.ok(refresh);
      const up = await replay.deploy("up", "--yes", "--skip-preview");
      assert.deepEqual(toTheJob(up), ["same"], up.output);
      const before = replay.job;
      const [after] = await replay.stack.jobsInState();
      assert.equal(after.id, before.id);
      assert.equal(after.outputs.trainingJobName, before.outputs?.trainingJobName);
      assert.equal(after.outputs.modelArtifact, before.outputs?.modelArtifact);
      assert.equal((await replay.stack.jobs()).length, replay.recorded.aws.jobs.length);
    });
  }

  it("with a job that was left running: follows it to its end, and starts no other", async () => {
    replay = await Replay.start("detached");
    const preview = await replay.deploy("preview");
    assert.deepEqual(toTheJob(preview), [FIRST_STEP.detached], preview.output);

    const following = replay.begin("up", "--yes", "--skip-preview");
    await following.until(/is running already: following it/);
    replay.stack.openGate();
    const up = await following.finished;
    assert.deepEqual(toTheJob(up), [FIRST_STEP.detached], up.output);
    const [job, ...more] = await replay.stack.jobs();
    assert.equal(job.TrainingJobStatus, "Completed");
    assert.deepEqual(more, []);
    const [inState] = await replay.stack.jobsInState();
    assert.equal(inState.outputs.status, "Completed");
    assert.equal(inState.outputs.trainingJobName, replay.job.outputs?.trainingJobName);

    const again = await replay.deploy("preview");
    assert.deepEqual(toTheJob(again), ["same"], again.output);
  });

  it("with a job that failed: trains again in its place", async () => {
    replay = await Replay.start("failed");
    const preview = await replay.deploy("preview");
    const steps = toTheJob(preview);
    assert.ok(steps.includes(FIRST_STEP.failed), preview.output);
    assert.deepEqual(
      steps.filter((op) => !REPLACEMENT.includes(op)),
      [],
      preview.output,
    );
    assert.match(preview.output, /Trains again because of: failed-[0-9a-f]{8} ended Failed/);

    replay.stack.write("train/train.py", SCRIPT);
    await replay.stack.ok(["up", "--yes", "--skip-preview"]);
    const [inState] = await replay.stack.jobsInState();
    assert.equal(inState.outputs.status, "Completed");
    const names = (await replay.stack.jobs()).map((job) => job.TrainingJobName);
    assert.deepEqual(names, [inState.outputs.trainingJobName], "the failed job is deleted with what it left");
  });

  it("is destroyed whole, with every job that was started for it", async () => {
    replay = await Replay.start("fallback");
    assert.equal((await replay.stack.jobs()).length, 2);
    const { deployment } = replay.recorded.state;
    const bucket = deployment.resources.find(({ type }) => type === "aws:s3/bucket:Bucket");

    const destroyed = await replay.deploy("destroy", "--yes", "--skip-preview");

    assert.equal(destroyed.code, 0, destroyed.output);
    assert.deepEqual(await replay.stack.jobs(), []);
    const { Buckets = [] } = await replay.stack.s3.send(new ListBucketsCommand({}));
    assert.ok(!Buckets.some(({ Name }) => Name === bucket?.id), `${bucket?.id} is left`);
  });
});
