import assert from "node:assert/strict";
import type { TrainingJobState } from "../../../components/trainingJob/state/state";
import { assertSays, failureOf } from "../support/failure";
import { MARK } from "../support/inputs";
import { completes, outOfSpot, runs } from "../support/scripts";
import { TrainingWorld } from "../support/trainingWorld";

/** The error by which Pulumi keeps a resource in the state. */
interface Kept extends Error {
  id?: string;
  properties?: TrainingJobState;
}

describe("TrainingJobProvider, when it is told to stop", () => {
  describe("cancel", () => {
    it("records the running job at once, and the next deployment goes on with it", async () => {
      const world = new TrainingWorld();
      world.aws.plan(completes({}, 600));
      const [kept] = await Promise.all([
        failureOf<Kept>(world.provider().create(world.inputs)),
        world.cancelAfter(60),
      ]);
      assert.equal(kept.id, `${world.name}.${MARK.slice(0, 8)}`);
      assert.equal(kept.properties?.status, "InProgress");
      assert.equal(kept.properties?.modelArtifact, null);

      const { outs } = await world
        .provider()
        .update(world.name, kept.properties as TrainingJobState, world.inputs);

      assert.equal(outs?.status, "Completed");
      assert.equal(outs?.trainingJobName, world.name);
      assert.equal(world.aws.requests.length, 1);
    });

    it("does not wait for a call that hangs", async () => {
      const world = new TrainingWorld();
      world.aws.once("describe", () => new Promise(() => {}));
      const [kept] = await Promise.all([
        failureOf<Kept>(world.provider().create(world.inputs)),
        world.cancelAfter(5),
      ]);
      assert.equal(kept.message, "Cancelled before a training job was started.");
    });

    it("keeps the job whose creation hangs, and never starts another", async () => {
      const world = new TrainingWorld();
      let answer = () => {};
      world.aws.once(
        "create",
        () =>
          new Promise<void>((done) => {
            answer = done;
          }),
      );
      const [kept] = await Promise.all([
        failureOf<Kept>(world.provider().create(world.inputs)),
        world.cancelAfter(5),
      ]);
      assert.equal(kept.id, `${world.name}.${MARK.slice(0, 8)}`);
      assert.deepEqual(
        kept.properties?.attempts.map((each) => each.trainingJobName),
        [world.name],
      );

      answer();
      await world.clock.sleep(60_000);
      assert.equal(world.aws.requests.length, 1);
      // Nothing is asked after the cancel: the last call is the one that hung.
      assert.equal(world.aws.calls.at(-1)?.name, "create");
    });

    it("stops the job where that was asked for", async () => {
      const world = new TrainingWorld({ onCancel: "stop" });
      world.aws.plan(runs());
      const [kept] = await Promise.all([
        failureOf<Kept>(world.provider().create(world.inputs)),
        world.cancelAfter(60),
      ]);
      assertSays(kept.message, `${world.name} is being stopped`);
      await world.clock.sleep(10_000);
      assert.equal(world.aws.jobs.get(world.name)?.status, "Stopped");
    });

    it("knows the attempts before the one that runs", async () => {
      const world = new TrainingWorld({ spot: { maxWait: "2h", fallback: "on-demand" } });
      world.aws.plan(outOfSpot(), runs());
      const [kept] = await Promise.all([
        failureOf<Kept>(world.provider().create(world.inputs)),
        world.cancelAfter(300),
      ]);
      assert.deepEqual(
        kept.properties?.attempts.map((each) => each.trainingJobName),
        [world.name, `${world.name}-od`],
      );
    });

    it("does nothing when nothing is in flight, as at every normal end", async () => {
      const world = new TrainingWorld();
      world.provider().cancel();
      assert.equal((await world.provider().create(world.inputs)).outs?.status, "Completed");
    });
  });
});
