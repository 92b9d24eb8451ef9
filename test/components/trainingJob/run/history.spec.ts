import assert from "node:assert/strict";
import { digestOf } from "../../../../components/trainingJob/identity/definition";
import { DIGEST_TAG, MARK_TAG } from "../../../../components/trainingJob/identity/owner";
import { readHistory } from "../../../../components/trainingJob/run/history";
import type { Attempt } from "../../../../components/trainingJob/state/facts";
import { denied } from "../../support/awsErrors";
import { completes, fails, runs } from "../../support/scripts";
import { TrainingWorld } from "../../support/trainingWorld";

const broke = fails("AlgorithmError: no");
const stated = (...names: string[]) =>
  names.map((trainingJobName) => ({ trainingJobName, status: "Failed" }) as Attempt);

async function history(world: TrainingWorld, more: object = {}) {
  const read = await readHistory(world.name, digestOf(world.inputs), { ...world.context(), ...more });
  return {
    found: read.found.map(({ job, attempt, onDemand }) => [job.TrainingJobName, attempt, onDemand]),
    forgotten: read.forgotten.map(({ trainingJobName }) => trainingJobName),
    taken: [...read.taken],
  };
}

describe("readHistory", () => {
  it("finds every attempt by its name, mark and digest, oldest first", async () => {
    const world = new TrainingWorld();
    const { name } = world;
    world.aws.existing(`${name}-2-od`, runs(), world.ownTags, 100);
    world.aws.existing(`${name}-2`, broke, world.ownTags, 200);
    world.aws.existing(name, broke, world.ownTags, 300);
    world.aws.existing(`${name}-other`, runs(), world.ownTags, 10);
    assert.deepEqual(await history(world), {
      found: [
        [name, 1, false],
        [`${name}-2`, 2, false],
        [`${name}-2-od`, 2, true],
      ],
      forgotten: [],
      taken: [],
    });
  });

  it("takes a job that the state names for ours, whatever it is called and whatever tags are left", async () => {
    const world = new TrainingWorld();
    world.aws.existing("adopted", runs(), {}, 100);
    const { found } = await history(world, { stated: stated("adopted") });
    assert.deepEqual(found, [["adopted", 1, false]]);
  });

  it("does so under the mark of the state too: a job that was moved between stacks", async () => {
    const world = new TrainingWorld();
    world.aws.existing(world.name, runs(), { ...world.ownTags, [MARK_TAG]: "before" }, 100);
    const context = { stated: stated(world.name), statedMark: "before" };
    assert.deepEqual((await history(world, context)).found, [[world.name, 1, false]]);
    assert.deepEqual((await history(world, { stated: stated(world.name) })).taken, [world.name]);
  });

  for (const [whose, tag] of [
    ["another mark", { [MARK_TAG]: "another" }],
    ["another digest", { [DIGEST_TAG]: "0".repeat(64) }],
  ] as const) {
    it(`leaves out a job with ${whose}, and says so; one that runs with a warning`, async () => {
      const world = new TrainingWorld();
      world.aws.existing(world.name, runs(), { ...world.ownTags, ...tag }, 100);
      assert.deepEqual(await history(world), { found: [], forgotten: [], taken: [world.name] });
      assert.match(
        world.engine.messages("warning").join(),
        /somebody else: using the next free name.*not touched/,
      );
    });
  }

  it("remembers attempts that AWS no longer knows", async () => {
    const world = new TrainingWorld();
    world.aws.existing(`${world.name}-2`, broke, world.ownTags, 100);
    const { found, forgotten } = await history(world, { stated: stated(world.name, `${world.name}-2`) });
    assert.deepEqual([found.length, forgotten], [1, [world.name]]);
  });

  it("costs no more calls after a hundred attempts, and knows the number of the last", async () => {
    const world = new TrainingWorld();
    for (let attempt = 1; attempt <= 99; attempt++) {
      const name = attempt === 1 ? world.name : `${world.name}-${attempt}`;
      world.aws.existing(name, broke, world.ownTags, 100_000 - attempt * 100);
    }
    const { found } = await history(world);
    assert.equal(found.at(-1)?.[1], 99);
    assert.ok(world.aws.calls.length < 60, `${world.aws.calls.length} calls`);
  });

  it("looks at the first name even if the list lags behind", async () => {
    const world = new TrainingWorld();
    world.aws.existing(world.name, runs({ unlisted: true }), world.ownTags, 100);
    assert.equal((await history(world)).found.length, 1);
  });

  it("tries one name after the other where jobs may not be listed", async () => {
    const world = new TrainingWorld();
    world.aws.existing(world.name, broke, world.ownTags, 300);
    world.aws.existing(`${world.name}-od`, broke, world.ownTags, 200);
    world.aws.existing(`${world.name}-2`, runs(), world.ownTags, 100);
    world.aws.fail("list", denied("sagemaker:ListTrainingJobs"));
    assert.deepEqual(
      (await history(world)).found.map(([name]) => name),
      [world.name, `${world.name}-od`, `${world.name}-2`],
    );
  });

  it("waits for the end of a job that is being deleted: its name is free then", async () => {
    const world = new TrainingWorld();
    const deleting = { steps: [{ at: 0, status: "Deleting", secondary: "Deleting" }] };
    world.aws.existing(world.name, deleting, world.ownTags, 100);
    const [{ found }] = await Promise.all([
      history(world),
      world.clock.sleep(12_000).then(() => world.aws.jobs.delete(world.name)),
    ]);
    assert.deepEqual(found, []);
    assert.equal(world.aws.called("describe").length, 4);
  });

  it("reads a completed job, once", async () => {
    const world = new TrainingWorld();
    world.aws.existing(world.name, completes(), world.ownTags, 3600);
    assert.equal((await history(world)).found.length, 1);
    assert.equal(world.aws.called("describe").length, 1);
  });
});
