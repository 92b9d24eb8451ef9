import assert from "node:assert/strict";
import { MARK_TAG } from "../../../../components/trainingJob/identity/owner";
import { denied } from "../../support/awsErrors";
import { completes, runs } from "../../support/scripts";
import { TrainingWorld } from "../../support/trainingWorld";

const warnings = (world: TrainingWorld) => world.engine.messages("warning").join("\n");
/** The same resource with other inputs, as a killed deployment may have left it running. */
const EARLIER = "dense-aaaaaaaa";

describe("endLeftovers", () => {
  it("stops a running job with our mark that has other inputs, before another is started", async () => {
    const world = new TrainingWorld();
    const left = world.aws.existing(EARLIER, runs(), world.ownTags);
    let statusAtCreation = "";
    world.aws.once("create", () => {
      statusAtCreation = left.status;
    });

    assert.equal((await world.run()).trainingJobName, world.name);

    assert.equal(statusAtCreation, "Stopped", "both would be paid for");
    assert.match(world.engine.messages("info").join("\n"), /dense-aaaaaaaa, .*still runs: stopping it/);
  });

  it("stops a job whatever it is called and whatever its other tags say", async () => {
    const world = new TrainingWorld();
    const left = world.aws.existing("before-the-rename", runs(), { [MARK_TAG]: world.ownTags[MARK_TAG] });
    await world.run();
    assert.equal(left.status, "Stopped");
  });

  it("names a job without a mark that has our names, and leaves it alone: it may be a colleague's", async () => {
    const world = new TrainingWorld();
    const { [MARK_TAG]: _mark, ...tags } = world.ownTags;
    const left = world.aws.existing(EARLIER, runs(), tags);

    await world.run();

    assert.match(warnings(world), /dense-aaaaaaaa, which an earlier release started .*still runs/);
    assert.match(warnings(world), /stop-training-job --training-job-name dense-aaaaaaaa/);
    assert.equal(left.status, "InProgress");
    assert.deepEqual(left.tags, tags);
  });

  it("says nothing of a job with another mark, or of one that has ended", async () => {
    const world = new TrainingWorld();
    const others = world.aws.existing(EARLIER, runs(), { ...world.ownTags, [MARK_TAG]: "another" });
    world.aws.existing("dense-bbbbbbbb", completes(), world.ownTags, 3600);

    await world.run();

    assert.equal(warnings(world), "");
    assert.equal(others.status, "InProgress");
    assert.deepEqual(world.aws.called("stop"), []);
  });

  it("looks at all pages of what runs", async () => {
    const world = new TrainingWorld();
    for (let index = 0; index < 150; index++) world.aws.existing(`other-${index}`, runs());
    const left = world.aws.existing(EARLIER, runs(), world.ownTags);
    await world.run();
    assert.equal(left.status, "Stopped");
  });

  it("trains all the same where tags may not be read, and does not pass over it in silence", async () => {
    const world = new TrainingWorld();
    world.aws.existing("left", runs(), world.ownTags);
    world.aws.fail("tags", denied("sagemaker:ListTags"));
    assert.equal((await world.run()).status, "Completed");
    assert.match(world.engine.messages("info").join("\n"), /needs .*sagemaker:ListTags/);
  });

  it("trains all the same where jobs may not be listed, and says what that needs", async () => {
    const world = new TrainingWorld();
    world.aws.fail("list", denied("sagemaker:ListTrainingJobs"), 9);

    assert.equal((await world.run()).status, "Completed");
    assert.match(world.engine.messages("info").join("\n"), /needs sagemaker:ListTrainingJobs/);
  });
});
