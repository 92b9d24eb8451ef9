import assert from "node:assert/strict";
import type { TrainingJobState } from "../../../components/trainingJob/state/state";
import { assertSays, failureOf } from "../support/failure";
import { programInputs } from "../support/inputs";
import { runs } from "../support/scripts";
import { TrainingWorld } from "../support/trainingWorld";

describe("where a job is, for TrainingJobProvider", () => {
  /** A job that runs in us-east-1, as an earlier deployment left it. */
  async function left() {
    const world = new TrainingWorld();
    const job = world.aws.existing(world.name, runs(), world.claimedTags, 60);
    return { world, job, state: await world.stateOf() };
  }

  it("is pinned when it is new: the region of the environment becomes an input", async () => {
    const world = new TrainingWorld();
    const { inputs } = await world.provider().check({}, programInputs({ region: undefined }));
    assert.equal(inputs.region, "us-east-1");
  });

  it("stays where it is when the program names none", async () => {
    const world = new TrainingWorld();
    const olds = { region: "eu-west-1" } as TrainingJobState;
    const { inputs } = await world.provider().check(olds, programInputs({ region: undefined }));
    assert.equal(inputs.region, "eu-west-1");
  });

  it("must be where its image is, also when the program names no region", async () => {
    const world = new TrainingWorld();
    const check = async (trainingImage: string) => {
      const program = programInputs({ region: undefined, algorithmSpecification: { trainingImage } });
      return (await world.provider().check({}, program)).failures ?? [];
    };
    const image = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.4.0-gpu-py311";
    const [failure] = await check(image);
    assert.equal(failure?.property, "training:imageUri");
    assert.match(failure.reason, /is in eu-west-1 and the job in us-east-1; name one of us-east-1$/);
    assert.deepEqual(await check(image.replace("eu-west-1", "us-east-1")), []);
  });

  it("is told by the ARN in states of earlier releases: destroy stops it from any other region", async () => {
    const { world, job, state } = await left();
    await world.provider().delete(world.name, { ...state, region: undefined });
    assert.equal(job.status, "Stopped");
    assert.deepEqual(
      world.regions.map(([name]) => name),
      ["us-east-1"],
    );
  });

  for (const method of ["read", "update", "delete"] as const) {
    it(`is not taken for gone by ${method} with the credentials of another account`, async () => {
      const { world, state } = await left();
      world.aws.jobs.clear();
      world.aws.accountId = "999999999999";
      const work = {
        read: () => world.provider().read(world.name, state),
        update: () => world.provider().update(world.name, state, world.inputs),
        delete: () => world.provider().delete(world.name, state),
      }[method]();
      const { message } = await failureOf(work);
      assertSays(
        message,
        world.name,
        "in account 111122223333",
        "account 999999999999",
        "Next: use the profile",
      );
      assert.deepEqual(world.aws.requests, []);
    });
  }
});
