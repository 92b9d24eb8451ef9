import assert from "node:assert/strict";
import { updateKeepAlive, updateTags } from "../../../../components/trainingJob/change/updateInPlace";
import type { Region } from "../../../../components/trainingJob/run/region";
import { denied } from "../../support/awsErrors";
import { assertSays, failureOf } from "../../support/failure";
import { canonicalInputs } from "../../support/inputs";
import { completes } from "../../support/scripts";
import { TrainingWorld } from "../../support/trainingWorld";

const KEPT = (seconds: number | undefined) => ({
  resourceConfig: { instanceType: "ml.g5.xlarge", keepAlivePeriodInSeconds: seconds },
});

const regionOf = (world: TrainingWorld): Region => ({
  name: "us-east-1",
  api: world.aws,
  watcher: world.watcher,
  cancellable: () => world.aws,
});

/** Updates a completed job from one set of inputs to another. */
async function update(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  { warmPool, attempts }: { warmPool?: string; attempts?: string[] } = {},
): Promise<TrainingWorld> {
  const world = new TrainingWorld(before);
  const names = attempts?.map((suffix) => `${world.name}${suffix}`) ?? [world.name];
  for (const name of names) {
    world.aws.existing(name, completes({ warmPool }), { ...world.claimedTags, ...world.inputs.tags }, 3600);
  }
  const state = await world.stateOf(names.at(-1));
  state.attempts = names.map((trainingJobName) => ({ ...state.attempts[0], trainingJobName }));
  const news = canonicalInputs(after);
  await updateTags(state, news, regionOf(world));
  await updateKeepAlive(state, news, state, world.context());
  return world;
}

describe("a job that is updated in place", () => {
  describe("tags", () => {
    it("writes what is new or changed, removes what is gone, and leaves the rest", async () => {
      const world = await update(
        { tags: { team: "imaging", cost: "a", old: "x" } },
        { tags: { team: "imaging", cost: "b", new: "y" } },
      );
      assert.deepEqual(
        world.aws.called("tag").map(({ args }) => args.slice(1)),
        [[{ cost: "b", new: "y" }, ["old"]]],
      );
      const { tags } = world.aws.jobs.get(world.name) ?? {};
      assert.deepEqual(tags, { ...world.claimedTags, team: "imaging", cost: "b", new: "y" });
    });

    it("makes no call when they are the same", async () => {
      const world = await update(
        { tags: { team: "imaging" } },
        { tags: { team: "imaging" }, onCancel: "stop" },
      );
      assert.deepEqual(world.aws.calls, []);
    });

    it("writes them on every attempt", async () => {
      const world = await update({}, { tags: { team: "imaging" } }, { attempts: ["", "-2", "-2-od"] });
      assert.deepEqual(
        [...world.aws.jobs.values()].map(({ tags }) => tags.team),
        ["imaging", "imaging", "imaging"],
      );
    });

    it("does not fail for an attempt whose record was deleted", async () => {
      const world = new TrainingWorld();
      world.aws.existing(world.name, completes(), world.claimedTags, 3600);
      const state = await world.stateOf();
      state.attempts = [{ ...state.attempts[0], trainingJobName: `${world.name}-gone` }, state.attempts[0]];

      await updateTags(state, canonicalInputs({ tags: { team: "x" } }), regionOf(world));

      assert.equal(world.aws.jobs.get(world.name)?.tags.team, "x");
    });
  });

  it("says what to allow where tags may not be written", async () => {
    const world = new TrainingWorld();
    world.aws.existing(world.name, completes(), world.claimedTags, 3600);
    const state = await world.stateOf();
    world.aws.fail("tag", denied("sagemaker:AddTags"));
    const error = await failureOf(updateTags(state, canonicalInputs({ tags: { a: "b" } }), regionOf(world)));
    assertSays(error.message, world.name, "sagemaker:AddTags", "Next: ");
  });

  describe("keepAlive", () => {
    for (const status of ["Available", "InUse"]) {
      it(`changes it while the pool is ${status}`, async () => {
        const world = await update(KEPT(600), KEPT(1800), { warmPool: status });
        assert.deepEqual(
          world.aws.called("setKeepAlive").map(({ args }) => args),
          [[world.name, 1800]],
        );
      });
    }

    it("waits for the pool of a job that ended a moment ago to show itself", async () => {
      const world = new TrainingWorld(KEPT(3600));
      const ResourceConfig = { KeepAlivePeriodInSeconds: 3600 } as never;
      const script = completes({ warmPool: "Available", warmPoolAfter: 30 });
      world.aws.existing(world.name, script, world.claimedTags, 61, { ResourceConfig });
      const state = await world.stateOf();
      await updateKeepAlive(state, canonicalInputs(KEPT(undefined)), state, world.context());
      assert.deepEqual(
        world.aws.called("setKeepAlive").map(({ args }) => args),
        [[world.name, 0]],
        "or it is billed for an hour",
      );
    });

    it("ends the pool when it is taken away", async () => {
      const world = await update(KEPT(600), KEPT(undefined), { warmPool: "Available" });
      assert.deepEqual(
        world.aws.called("setKeepAlive").map(({ args }) => args),
        [[world.name, 0]],
      );
    });

    for (const [status, said] of [
      ["Terminated", "is Terminated"],
      ["Reused", "is Reused"],
      [undefined, "is not there"],
    ]) {
      it(`says that it holds from the next job on when the pool ${said}`, async () => {
        const world = await update(KEPT(600), KEPT(1800), { warmPool: status });
        assert.deepEqual(world.aws.called("setKeepAlive"), []);
        assertSays(
          world.engine.messages().join(),
          `warm pool of ${world.name} ${said}`,
          "from the next job on",
        );
      });
    }

    it("makes no call when it is the same", async () => {
      const world = await update(KEPT(600), KEPT(600), { warmPool: "Available" });
      assert.deepEqual(world.aws.calls, []);
    });
  });
});
