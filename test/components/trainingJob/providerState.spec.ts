import assert from "node:assert/strict";
import type { TrainingJobState } from "../../../components/trainingJob/state/state";
import { failureOf } from "../support/failure";
import { canonicalInputs } from "../support/inputs";
import { completes, fails, outOfSpot, runs } from "../support/scripts";
import { TrainingWorld } from "../support/trainingWorld";

/** The error by which Pulumi keeps a resource in the state. */
interface Kept extends Error {
  id?: string;
  properties?: TrainingJobState;
}

describe("TrainingJobProvider, with a job in the state", () => {
  describe("update", () => {
    it("changes a completed job in place, without training", async () => {
      const world = new TrainingWorld();
      world.aws.existing(world.name, completes({ metrics: { loss: 0.1 } }), world.claimedTags, 3600);
      const news = canonicalInputs({ tags: { team: "imaging" } });

      const { outs } = await world.provider().update(world.name, await world.stateOf(), news);

      assert.deepEqual(outs?.tags, { team: "imaging" });
      assert.deepEqual(outs?.metrics, { loss: 0.1 });
      assert.equal(outs?.claim, "claim-of-this-run");
      assert.equal(world.aws.jobs.get(world.name)?.tags.team, "imaging");
      assert.deepEqual(world.aws.requests, []);
    });
  });

  it("gives the jobs their new tags before a run that fails, so that the state is true", async () => {
    const world = new TrainingWorld({ tags: { old: "x" } });
    const job = world.aws.existing(
      world.name,
      fails("AlgorithmError: no"),
      { ...world.claimedTags, old: "x" },
      1,
    );
    const olds = await world.stateOf();
    const news = { ...world.inputs, tags: { team: "imaging" } };

    const { properties } = await failureOf<Kept>(world.provider().update(world.name, olds, news));

    assert.deepEqual(properties?.tags, { team: "imaging" });
    assert.deepEqual([job.tags.team, job.tags.old], ["imaging", undefined]);
  });

  describe("read", () => {
    it("publishes no model of a job that was stopped half-way", async () => {
      const world = new TrainingWorld();
      const { outs } = await world.provider().create(world.inputs);
      const script = { steps: [{ at: 0, status: "Stopped", secondary: "MaxRuntimeExceeded" }] };
      const job = world.aws.existing(world.name, script, world.claimedTags, 60);
      world.aws.objects.set(job.artifactUri, '"half"');
      const { props } = await world.provider().read(world.name, outs as TrainingJobState);
      assert.deepEqual([props?.status, props?.modelArtifact], ["Stopped", null]);
    });

    it("drops a job that is no longer there", async () => {
      const world = new TrainingWorld();
      world.aws.existing(world.name, completes(), world.claimedTags, 3600);
      const state = await world.stateOf();
      world.aws.jobs.clear();
      assert.deepEqual(await world.provider().read(world.name, state), { id: "", props: {} });
    });

    it("drops a job whose name is another one's now, and never takes that one's model for its own", async () => {
      const world = new TrainingWorld();
      const { outs } = await world.provider().create(world.inputs);
      world.clock.advance(60_000);
      world.aws.jobs.clear();
      world.aws.existing(world.name, completes({ metrics: { loss: 9 } }));
      world.clock.advance(3_600_000);
      const state = outs as TrainingJobState;
      assert.deepEqual(await world.provider().read(world.name, state), { id: "", props: {} });
      assert.match(
        world.engine.messages("info").join(),
        new RegExp(`${world.name} is another job .* created .* the next .pulumi up. trains again`),
      );
    });

    it("finds the same where nothing changed", async () => {
      const world = new TrainingWorld();
      const { outs } = await world.provider().create(world.inputs);
      const { id, props } = await world.provider().read(world.name, outs as TrainingJobState);
      assert.equal(id, world.name);
      assert.deepEqual(props, outs);
    });

    it("finds that the artifact is gone: the next deployment trains again", async () => {
      const world = new TrainingWorld();
      const { outs } = await world.provider().create(world.inputs);
      world.aws.objects.clear();

      const { props } = await world.provider().read(world.name, outs as TrainingJobState);

      assert.equal(props?.modelArtifact, null);
      const { replaces } = await world.provider().diff(world.name, props as TrainingJobState, world.inputs);
      assert.deepEqual(replaces, ["modelArtifact"]);
    });

    it("finds a job that was stopped from outside, and keeps the attempts before it", async () => {
      const world = new TrainingWorld({ spot: { maxWait: "2h", fallback: "on-demand" } });
      world.aws.plan(outOfSpot(), runs());
      const [{ properties }] = await Promise.all([
        failureOf<Kept>(world.provider().create(world.inputs)),
        world.cancelAfter(300),
      ]);
      await world.aws.stop(`${world.name}-od`);
      world.clock.advance(60_000);

      const { props } = await world.provider().read(world.name, properties as TrainingJobState);

      assert.equal(props?.status, "Stopped");
      assert.equal(props?.claim, properties?.claim);
      assert.deepEqual(
        props?.attempts.map((each: { trainingJobName: string; status: string }) => [
          each.trainingJobName,
          each.status,
        ]),
        [
          [world.name, "Stopped"],
          [`${world.name}-od`, "Stopped"],
        ],
      );
    });

    it("reads a job by its name alone", async () => {
      const world = new TrainingWorld();
      world.aws.existing("made-by-hand", completes(), {}, 3600);
      const { id, props } = await world.provider().read("made-by-hand", {} as TrainingJobState);
      assert.equal(id, "made-by-hand");
      assert.equal(props?.status, "Completed");
    });
  });

  describe("delete", () => {
    it("stops the job and waits for its end", async () => {
      const world = new TrainingWorld();
      const job = world.aws.existing(world.name, runs(), world.claimedTags, 60);
      await world.provider().delete(world.name, await world.stateOf());
      assert.equal(job.status, "Stopped");
    });

    it("leaves the job that the replacement took over", async () => {
      const world = new TrainingWorld({ deletePolicy: "delete" });
      const first = await world.provider().create(world.inputs);
      const replacement = await world.provider().create(world.inputs);
      assert.equal(world.aws.jobs.size, 1);

      await world.provider().delete(world.name, first.outs as TrainingJobState);
      assert.ok(world.aws.jobs.has(world.name));

      await world.provider().delete(world.name, replacement.outs as TrainingJobState);
      assert.ok(!world.aws.jobs.has(world.name));
    });
  });
});
