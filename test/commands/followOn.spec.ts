import assert from "node:assert/strict";
import { followOn } from "../../commands/followOn";
import type { JobDescription } from "../../components/trainingJob/aws/api";
import { completes, fails, NO_CAPACITY, outOfSpot, type Script } from "../components/support/scripts";
import { TrainingWorld } from "../components/support/trainingWorld";

const NAME = "dense-0a1b2c3d";
const log = (message: string) => ({ log: [{ at: 20, message }] });

describe("npm run logs -- --follow", () => {
  let world: TrainingWorld;
  let said: string[];
  beforeEach(() => {
    world = new TrainingWorld();
    said = [];
  });

  /** Follows a job that goes so; `next` is made so many seconds after now. */
  async function following(script: Script, next?: { name: string; after: number; script: Script }) {
    world.aws.existing(NAME, script);
    const made =
      next && world.clock.sleep(next.after * 1000).then(() => world.aws.existing(next.name, next.script));
    const job = (await world.aws.describe(NAME)) as JobDescription;
    const context = { ...world.context(), following: () => 1 };
    const ended = await followOn(job, context, (message) => said.push(message));
    await made;
    return [ended.TrainingJobName, ended.TrainingJobStatus];
  }

  it("goes on with the job on demand that stands in for one without spot capacity", async () => {
    const next = { name: `${NAME}-od`, after: 130, script: completes(log("epoch=1")) };
    assert.deepEqual(await following(outOfSpot(), next), [`${NAME}-od`, "Completed"]);
    assert.deepEqual(world.engine.messages(), ["epoch=1"]);
    assert.deepEqual(said, [
      `${NAME} ended Stopped for want of capacity: looking for the job that goes on.`,
      `Log of ${NAME}-od, which is InProgress.`,
    ]);
  });

  it("goes on with the next attempt", async () => {
    const next = { name: `${NAME}-2`, after: 95, script: completes() };
    assert.deepEqual(await following(fails(NO_CAPACITY), next), [`${NAME}-2`, "Completed"]);
  });

  it("ends when nothing goes on, and takes no job of another time for it", async () => {
    world.aws.existing(`${NAME}-od`, completes(), {}, 7200);
    assert.deepEqual(await following(outOfSpot()), [NAME, "Stopped"]);
    assert.equal(said.length, 1);
  });

  it("ends with a job that completed, or failed of itself", async () => {
    assert.deepEqual(await following(completes()), [NAME, "Completed"]);
    assert.deepEqual(await following(fails("AlgorithmError: exit code 1")), [NAME, "Failed"]);
    assert.deepEqual(said, []);
  });
});
