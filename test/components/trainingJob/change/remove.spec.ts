import assert from "node:assert/strict";
import type { CreateTrainingJobRequest } from "@aws-sdk/client-sagemaker";
import { removeJobs } from "../../../../components/trainingJob/change/remove";
import { CLAIM_TAG, MARK_TAG } from "../../../../components/trainingJob/identity/owner";
import { denied, validation } from "../../support/awsErrors";
import { assertSays, failureOf } from "../../support/failure";
import { completes, fails, runs } from "../../support/scripts";
import { TrainingWorld } from "../../support/trainingWorld";

const SECOND = 1000;

/** Removes what the state names. */
async function remove(world: TrainingWorld, state = world.stateOf()): Promise<void> {
  const { api, watcher, clock, progress, signal } = world.context();
  await removeJobs(await state, { api, watcher, clock, progress, signal });
}

const minutesAgo = (minutes: number) => minutes * 60;

describe("removeJobs", () => {
  it("stops a job that runs, and waits for its end", async () => {
    const world = new TrainingWorld();
    const job = world.aws.existing(world.name, runs(), world.claimedTags, 60);

    await remove(world);

    assert.equal(job.status, "Stopped");
    assert.deepEqual(
      world.aws.called("stop").map(({ args }) => args[0]),
      [world.name],
    );
    assert.deepEqual(world.engine.rows, [`Cleaning up after ${world.name}`, "Stopping", "Stopped"]);
  });

  it("leaves a finished job's record, log and artifact", async () => {
    const world = new TrainingWorld();
    const job = world.aws.existing(world.name, completes(), world.claimedTags, minutesAgo(60));

    await remove(world);

    assert.ok(world.aws.jobs.has(world.name));
    assert.ok(world.aws.objects.has(job.artifactUri));
    assert.deepEqual(
      [...new Set(world.aws.calls.map(({ name }) => name))],
      ["describe", "tags"],
      "it only looks",
    );
  });

  it("is content with a job that is gone", async () => {
    const world = new TrainingWorld();
    await remove(world, world.stateOf(world.name, { trainingJobName: world.name }));
    assert.deepEqual(world.aws.called("stop"), []);
  });

  it("leaves a job alone that a replacement has taken over", async () => {
    const world = new TrainingWorld({ deletePolicy: "delete" });
    const job = world.aws.existing(
      world.name,
      runs(),
      { ...world.claimedTags, "pulumi:claim": "another" },
      60,
    );

    await remove(world);

    assert.equal(job.status, "InProgress");
    assert.ok(world.aws.jobs.has(world.name));
  });

  it("leaves a job alone that was made by this name after the one of the state had ended and was deleted", async () => {
    const world = new TrainingWorld({ deletePolicy: "delete" });
    world.aws.existing(world.name, completes(), world.claimedTags, minutesAgo(60));
    const state = await world.stateOf();
    world.aws.jobs.clear();
    const job = world.aws.existing(world.name, runs(), {}, 60);
    await remove(world, Promise.resolve(state));
    assert.equal(job.status, "InProgress");
    assert.match(world.engine.messages("warning").join(), /runs, and is not stopped: .* another job/);
  });

  it("leaves a stranger's job of the same name alone", async () => {
    const world = new TrainingWorld({ deletePolicy: "delete" });
    const job = world.aws.existing(world.name, runs(), { ...world.claimedTags, [MARK_TAG]: "another" }, 60);
    await remove(world);
    assert.equal(job.status, "InProgress");
    assertSays(world.engine.messages("warning").join(), `${world.name} runs, and is not stopped`);
  });

  for (const key of [MARK_TAG, CLAIM_TAG, "all"]) {
    it(`stops a job of the state from which somebody took tags away: ${key}`, async () => {
      const world = new TrainingWorld();
      const { [key]: _removed, ...left } = world.claimedTags;
      const job = world.aws.existing(world.name, runs(), key === "all" ? {} : left, 60);
      await remove(world);
      assert.equal(job.status, "Stopped");
    });
  }

  it("stops every attempt that still runs", async () => {
    const world = new TrainingWorld();
    const names = [world.name, `${world.name}-2`, `${world.name}-od`];
    for (const name of names) world.aws.existing(name, runs(), world.claimedTags, 60);
    const state = await world.stateOf();
    const attempts = names.map((trainingJobName) => ({ ...state.attempts[0], trainingJobName }));

    await remove(world, Promise.resolve({ ...state, attempts }));

    assert.deepEqual(
      names.map((name) => world.aws.jobs.get(name)?.status),
      ["Stopped", "Stopped", "Stopped"],
    );
  });

  describe("when the job changes in between", () => {
    it("is content with a job that ended before it could be stopped", async () => {
      const world = new TrainingWorld();
      world.aws.existing(world.name, completes({}, 60), world.claimedTags, 59);
      const state = world.stateOf();
      world.aws.once("stop", () => world.clock.advance(10 * SECOND));
      await remove(world, state);
      assert.equal(world.aws.jobs.get(world.name)?.status, "Completed");
    });

    it("waits for the end of a job that somebody else is stopping", async () => {
      const world = new TrainingWorld();
      const job = world.aws.existing(world.name, runs(), world.claimedTags, 60);
      const state = await world.stateOf();
      job.stop();
      await remove(world, Promise.resolve(state));
      assert.equal(job.status, "Stopped");
    });

    it("is content with a job that is deleted before it could be stopped", async () => {
      const world = new TrainingWorld();
      world.aws.existing(world.name, runs(), world.claimedTags, 60);
      const state = await world.stateOf();
      world.aws.once("stop", () => void world.aws.jobs.delete(world.name));
      await remove(world, Promise.resolve(state));
    });

    it("is content with a job that is deleted while it stops", async () => {
      const world = new TrainingWorld();
      world.aws.existing(world.name, runs(), world.claimedTags, 60);
      const state = await world.stateOf();
      await Promise.all([
        remove(world, Promise.resolve(state)),
        world.clock.sleep(2 * SECOND).then(() => world.aws.jobs.delete(world.name)),
      ]);
    });

    it("fails, with AWS's reason, when a running job cannot be stopped", async () => {
      const world = new TrainingWorld();
      world.aws.existing(world.name, runs(), world.claimedTags, 60);
      const state = world.stateOf();
      world.aws.fail("stop", denied("sagemaker:StopTrainingJob"));
      assert.equal((await failureOf(remove(world, state))).name, "AccessDeniedException");
    });
  });

  describe("with a warm pool", () => {
    const KEPT = { ResourceConfig: { KeepAlivePeriodInSeconds: 1800 } } as Partial<CreateTrainingJobRequest>;
    const kept = { resourceConfig: { instanceType: "ml.g5.xlarge", keepAlivePeriodInSeconds: 1800 } };

    it("ends a pool that waits for the next job", async () => {
      const world = new TrainingWorld(kept);
      world.aws.existing(world.name, completes({ warmPool: "Available" }), world.claimedTags, minutesAgo(20));

      await remove(world);

      assert.deepEqual(
        world.aws.called("setKeepAlive").map(({ args }) => args),
        [[world.name, 0]],
      );
      assert.deepEqual(world.engine.rows, [`Cleaning up after ${world.name}`, "Ending warm pool"]);
    });

    for (const status of ["Terminated", "Reused", "InUse"]) {
      it(`leaves a pool that is ${status}`, async () => {
        const world = new TrainingWorld(kept);
        world.aws.existing(world.name, completes({ warmPool: status }), world.claimedTags, minutesAgo(20));
        await remove(world);
        assert.deepEqual(world.aws.called("setKeepAlive"), []);
      });
    }

    it("waits for the pool of a job that ended just now to show itself", async () => {
      const world = new TrainingWorld(kept);
      world.aws.existing(
        world.name,
        completes({ warmPool: "Available", warmPoolAfter: 20 }),
        world.claimedTags,
        62,
        KEPT,
      );

      await remove(world);

      assert.equal(world.aws.called("setKeepAlive").length, 1);
    });

    it("does not wait for a pool that never shows itself", async () => {
      const world = new TrainingWorld(kept);
      world.aws.existing(world.name, completes(), world.claimedTags, 62, KEPT);
      const before = world.clock.now();

      await remove(world);

      assert.ok(world.clock.now() - before <= 125 * SECOND);
      assert.deepEqual(world.aws.called("setKeepAlive"), []);
    });

    it("removes the record only after the pool has ended, which SageMaker asks for", async () => {
      const world = new TrainingWorld({ ...kept, deletePolicy: "delete" });
      world.aws.existing(world.name, completes({ warmPool: "Available" }), world.claimedTags, minutesAgo(20));
      await remove(world);
      assert.ok(!world.aws.jobs.has(world.name));
    });
  });

  describe('with deletePolicy "delete"', () => {
    it("removes the record and what the job wrote, and nothing beside it", async () => {
      const world = new TrainingWorld({ deletePolicy: "delete" });
      const job = world.aws.existing(world.name, completes(), world.claimedTags, minutesAgo(60));
      const others = [
        `s3://bucket/artifacts/${world.name}-2/output/model.tar.gz`,
        `s3://bucket/artifacts/${world.name}.txt`,
        "s3://bucket/code/0123/sourcedir.tar.gz",
      ];
      for (const uri of others) world.aws.objects.set(uri, '"etag"');
      world.aws.objects.set(`s3://bucket/artifacts/${world.name}/debug-output/x`, '"etag"');
      job.describe();

      await remove(world);

      assert.ok(!world.aws.jobs.has(world.name));
      assert.deepEqual([...world.aws.objects.keys()], others);
      assert.deepEqual(
        world.aws.called("removeObjects").map(({ args }) => args[0]),
        [`s3://bucket/artifacts/${world.name}/`],
      );
    });

    it("finds the objects again after they could not be removed: the record goes last", async () => {
      const world = new TrainingWorld({ deletePolicy: "delete" });
      const job = world.aws.existing(world.name, completes(), world.claimedTags, 3600);
      job.describe();
      const state = await world.stateOf();
      world.aws.fail("removeObjects", denied("s3:DeleteObject"));
      await failureOf(remove(world, Promise.resolve(state)));
      assert.ok(world.aws.jobs.has(world.name));

      await remove(world, Promise.resolve(state));
      assert.deepEqual([world.aws.jobs.size, world.aws.objects.size], [0, 0]);
    });

    it("stops a running job first", async () => {
      const world = new TrainingWorld({ deletePolicy: "delete" });
      world.aws.existing(world.name, runs(), world.claimedTags, 60);
      await remove(world);
      assert.ok(!world.aws.jobs.has(world.name));
    });

    it("removes a failed job too", async () => {
      const world = new TrainingWorld({ deletePolicy: "delete" });
      world.aws.existing(world.name, fails("AlgorithmError: no"), world.claimedTags, minutesAgo(60));
      await remove(world);
      assert.ok(!world.aws.jobs.has(world.name));
    });

    it("fails, with AWS's reason, when the record cannot be removed", async () => {
      const world = new TrainingWorld({ deletePolicy: "delete" });
      world.aws.existing(world.name, completes(), world.claimedTags, minutesAgo(60));
      const state = world.stateOf();
      world.aws.fail("remove", validation("it is in use"));
      assert.equal((await failureOf(remove(world, state))).message, "it is in use");
    });
  });
});
