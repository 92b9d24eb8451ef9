import assert from "node:assert/strict";
import { throttled } from "../../support/awsErrors";
import { completes } from "../../support/scripts";
import { TrainingWorld } from "../../support/trainingWorld";

const warnings = (world: TrainingWorld) => world.engine.messages("warning").join("\n");
/** The same resource with other inputs, as a killed deployment may have left it running. */
const EARLIER = "dense-aaaaaaaa";

describe("warnOfLeftovers", () => {
  it("names a running job of this resource that has other inputs, and leaves it alone", async () => {
    const world = new TrainingWorld();
    const left = world.aws.existing(EARLIER, completes({}, 600), world.ownTags);

    await world.run();

    assert.match(warnings(world), /dense-aaaaaaaa, of an earlier deployment of this resource, still runs/);
    assert.match(warnings(world), /stop-training-job --training-job-name dense-aaaaaaaa/);
    assert.deepEqual(world.aws.called("stop"), []);
    assert.deepEqual(left.tags, world.ownTags);
  });

  it("says nothing of a job of another resource, or of one that has ended", async () => {
    const world = new TrainingWorld();
    world.aws.existing(EARLIER, completes({}, 600), { ...world.ownTags, "pulumi:urn": "another" });
    world.aws.existing("dense-bbbbbbbb", completes(), world.ownTags, 3600);

    await world.run();

    assert.equal(warnings(world), "");
  });

  it("trains all the same where jobs cannot be listed", async () => {
    const world = new TrainingWorld();
    world.aws.fail("list", throttled());

    assert.equal((await world.run()).status, "Completed");
  });
});
