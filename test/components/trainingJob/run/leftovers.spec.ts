import assert from "node:assert/strict";
import { denied } from "../../support/awsErrors";
import { assertSays } from "../../support/failure";
import { completes, runs } from "../../support/scripts";
import { TrainingWorld } from "../../support/trainingWorld";

const warnings = (world: TrainingWorld) => world.engine.messages("warning").join("\n");
/** The same resource with other inputs, as a killed deployment may have left it running. */
const EARLIER = "dense-aaaaaaaa";
const OTHER_INPUTS = { "pulumi:digest": "a".repeat(64) };

describe("endLeftovers", () => {
  it("stops a job with our mark that runs with other inputs, before another is started", async () => {
    const world = new TrainingWorld();
    const left = world.aws.existing(EARLIER, runs(), { ...world.ownTags, ...OTHER_INPUTS });
    let statusAtCreate = "";
    world.aws.once("create", () => {
      statusAtCreate = left.status;
    });

    await world.run();

    assert.equal(statusAtCreate, "Stopped");
    assertSays(
      world.engine.messages().join("\n"),
      /dense-aaaaaaaa, .* with other inputs, still runs: stopping it/,
    );
  });

  it("names a running job of a release without marks, and leaves it alone", async () => {
    const world = new TrainingWorld();
    const { "pulumi:mark": _mark, ...unmarked } = world.ownTags;
    const left = world.aws.existing(EARLIER, completes({}, 600), unmarked);

    await world.run();

    assertSays(warnings(world), /dense-aaaaaaaa, .* still runs/, "--training-job-name dense-aaaaaaaa");
    assert.deepEqual(world.aws.called("stop"), []);
    assert.deepEqual(left.tags, unmarked);
  });

  it("says nothing of a job with another's mark, of one without tags, or of one that has ended", async () => {
    const world = new TrainingWorld();
    const foreign = world.aws.existing(EARLIER, runs(), { ...world.ownTags, "pulumi:mark": "another" });
    const untagged = world.aws.existing("other", runs());
    world.aws.existing("dense-bbbbbbbb", completes(), { ...world.ownTags, ...OTHER_INPUTS }, 3600);

    await world.run();

    assert.equal(warnings(world), "");
    assert.deepEqual(world.aws.called("stop"), []);
    assert.deepEqual([foreign.status, untagged.status], ["InProgress", "InProgress"]);
  });

  it("trains all the same where jobs may not be listed, and says what was not looked for", async () => {
    const world = new TrainingWorld();
    world.aws.fail("list", denied("sagemaker:ListTrainingJobs"), 10);

    assert.equal((await world.run()).status, "Completed");
    assertSays(world.engine.messages().join("\n"), "that needs sagemaker:ListTrainingJobs");
  });
});
