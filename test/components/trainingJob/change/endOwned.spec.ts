import assert from "node:assert/strict";
import { endOwned } from "../../../../components/trainingJob/change/endOwned";
import { MARK_TAG } from "../../../../components/trainingJob/identity/owner";
import { validation } from "../../support/awsErrors";
import { MARK } from "../../support/inputs";
import { completes, runs } from "../../support/scripts";
import { TrainingWorld } from "../../support/trainingWorld";

const OURS = { [MARK_TAG]: MARK };
const end = (world: TrainingWorld) => endOwned(MARK, world.context());

describe("endOwned", () => {
  it("stops what carries the mark, whatever it is called, waits for its end, and says so", async () => {
    const world = new TrainingWorld();
    const jobs = [world.name, "another-name"].map((name) => world.aws.existing(name, runs(), OURS, 60));
    await end(world);
    assert.deepEqual(
      jobs.map(({ status }) => status),
      ["Stopped", "Stopped"],
    );
    assert.match(world.engine.messages("warning").join("\n"), /another-name, which .* is being stopped/);
  });

  it("waits for a job that is being stopped already", async () => {
    const world = new TrainingWorld();
    const job = world.aws.existing(world.name, runs(), OURS, 60);
    job.stop();
    await end(world);
    assert.equal(job.status, "Stopped");
  });

  it("never touches another mark, or none", async () => {
    const world = new TrainingWorld();
    const { [MARK_TAG]: _mark, ...unmarked } = world.ownTags;
    const jobs = [
      world.aws.existing("other", runs(), { ...world.ownTags, [MARK_TAG]: "another" }),
      world.aws.existing("unmarked", runs(), unmarked),
      world.aws.existing("kept", completes({ warmPool: "Available" }), { [MARK_TAG]: "another" }, 3600),
    ];
    await end(world);
    assert.deepEqual(
      jobs.map(({ status }) => status),
      ["InProgress", "InProgress", "Completed"],
    );
    assert.deepEqual([...world.aws.called("stop"), ...world.aws.called("setKeepAlive")], []);
    assert.deepEqual(world.engine.entries, []);
  });

  it("ends the warm pool that a completed job left", async () => {
    const world = new TrainingWorld();
    const job = world.aws.existing(world.name, completes({ warmPool: "Available" }), OURS, 3600);
    await end(world);
    assert.equal(job.warmPool, "Terminated");
    assert.deepEqual(world.aws.called("stop"), []);
  });

  it("finds a job and a pool behind hundreds of others", async () => {
    const world = new TrainingWorld();
    for (let index = 0; index < 120; index++) {
      world.aws.existing(`runs-${index}`, runs());
      world.aws.existing(`waits-${index}`, completes({ warmPool: "Available" }), {}, 3600);
    }
    const job = world.aws.existing("last", runs(), OURS, 60);
    const pool = world.aws.existing("last-pool", completes({ warmPool: "Available" }), OURS, 3600);
    await end(world);
    assert.deepEqual([job.status, pool.warmPool], ["Stopped", "Terminated"]);
  });

  it("is content with a stranger's job that is gone before its tags are read", async () => {
    const world = new TrainingWorld();
    world.aws.existing("gone", runs());
    const job = world.aws.existing(world.name, runs(), OURS, 60);
    world.aws.fail("tags", validation("Requested resource not found."));
    await end(world);
    assert.equal(job.status, "Stopped");
  });
});
