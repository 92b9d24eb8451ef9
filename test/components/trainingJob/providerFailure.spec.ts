import assert from "node:assert/strict";
import { CLAIM_TAG } from "../../../components/trainingJob/identity/owner";
import type { TrainingJobState } from "../../../components/trainingJob/state/state";
import { awsError } from "../support/awsErrors";
import { fails } from "../support/scripts";
import { TrainingWorld } from "../support/trainingWorld";

const SCRIPT_FAILED = "AlgorithmError: no";

/** A deployment of one of several experiments, whose job fails. */
async function created(onFailure: string, reason = SCRIPT_FAILED) {
  const world = new TrainingWorld({ onFailure });
  world.aws.plan(fails(reason));
  const { id, outs } = await world.provider().create(world.inputs);
  return { world, id, state: outs as TrainingJobState };
}

describe("TrainingJobProvider, of a training whose failure does not end the deployment", () => {
  for (const onFailure of ["retry", "record"]) {
    it(`has it in the state with its reason, without an artifact (${onFailure})`, async () => {
      const { world, state } = await created(onFailure);
      assert.equal(state.status, "Failed");
      assert.equal(state.failureReason, SCRIPT_FAILED);
      assert.equal(state.modelArtifact, null);
      assert.deepEqual(state, JSON.parse(JSON.stringify(state)));
      assert.match(world.engine.messages("warning").join(), /ended Failed without a model artifact/);
    });
  }

  it("trains again the next time, and removes only what no later attempt has taken over", async () => {
    const { world, id, state } = await created("retry");
    const next = world.anotherProvider();
    assert.deepEqual((await next.diff(id, state, world.inputs)).replaces, ["status"]);
    const { outs } = await next.create(world.inputs);
    assert.equal(outs?.trainingJobName, `${world.name}-2`);
    assert.equal(outs?.status, "Completed");
  });

  it("leaves it at that where it is a result, refreshed or not, and when other things change", async () => {
    const { world, id, state } = await created("record");
    const next = world.anotherProvider();
    const { props } = await next.read(id, state);
    for (const each of [state, props as TrainingJobState]) {
      assert.equal((await next.diff(id, each, world.inputs)).changes, false);
      const tagged = { ...world.inputs, tags: { team: "a" } };
      assert.deepEqual((await next.diff(id, each, tagged)).replaces, []);
      assert.equal((await next.update(id, each, tagged)).outs?.status, "Failed");
    }
    assert.equal(world.aws.jobs.size, 1);
  });

  it("takes over the failure that a killed deployment did not record, and claims it", async () => {
    const world = new TrainingWorld({ onFailure: "record" });
    const job = world.aws.existing(world.name, fails(SCRIPT_FAILED), world.ownTags, 3600);
    const { outs } = await world.provider().create(world.inputs);
    assert.equal(outs?.trainingJobName, world.name);
    assert.equal(outs?.failureReason, SCRIPT_FAILED);
    assert.equal(world.aws.jobs.size, 1);
    assert.equal((await world.aws.tags(job.describe().TrainingJobArn ?? ""))[CLAIM_TAG], outs?.claim);
  });

  it("tries again after any other failure, also where one of the script is a result", async () => {
    const { world, id, state } = await created("record", "InternalServerError: no");
    assert.deepEqual((await world.anotherProvider().diff(id, state, world.inputs)).replaces, ["status"]);
  });

  it("has a job that AWS refused in the state, tries again, and needs nothing to remove it", async () => {
    const world = new TrainingWorld({ onFailure: "retry" });
    const refuse = awsError("ResourceLimitExceeded", "The account-level service limit is 0 Instances");
    world.aws.create = async () => {
      throw refuse;
    };
    const { id, outs } = await world.provider().create(world.inputs);
    const state = outs as TrainingJobState;
    assert.equal(state.status, "Failed");
    assert.match(String(state.failureReason), /service limit is 0/);
    const next = world.anotherProvider();
    assert.deepEqual((await next.diff(id, state, world.inputs)).replaces, ["status"]);
    await next.delete(id, state);
    assert.deepEqual(await next.read(id, state), { id: "", props: {} });
  });
});
