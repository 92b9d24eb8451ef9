import assert from "node:assert/strict";
import { UNKNOWN } from "../../../components/trainingJob/args/unknown";
import { MARK_TAG } from "../../../components/trainingJob/identity/owner";
import type { OwnerState } from "../../../components/trainingJob/ownerProvider";
import { denied } from "../support/awsErrors";
import { assertSays, failureOf } from "../support/failure";
import { URN } from "../support/inputs";
import { runs } from "../support/scripts";
import { TrainingWorld } from "../support/trainingWorld";

const ownerOf = (world: TrainingWorld) => world.provider().owner;

async function created(world: TrainingWorld): Promise<OwnerState> {
  const { inputs } = await ownerOf(world).check({}, { logUrn: URN });
  return (await ownerOf(world).create(inputs)).outs as OwnerState;
}

describe("OwnerProvider", () => {
  it("makes a mark of its own, and knows the region and the account from the start", async () => {
    const world = new TrainingWorld();
    const [one, two] = [await created(world), await created(world)];
    assert.match(one.mark, /^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    assert.notEqual(one.mark, two.mark);
    assert.deepEqual([one.regions, one.account], [["us-east-1"], "111122223333"]);
  });

  it("goes where a job that is started now would go, where the program names no region", async () => {
    const { inputs } = await ownerOf(new TrainingWorld()).check({ region: "eu-west-1" }, {});
    assert.equal(inputs.region, "us-east-1");
  });

  it("is never replaced: another region is one more to look in, and the mark stays", async () => {
    const world = new TrainingWorld();
    const olds = await created(world);
    assert.deepEqual(await ownerOf(world).diff("", olds, { region: "us-east-1" }), { changes: false });
    assert.deepEqual(await ownerOf(world).diff("", olds, { region: UNKNOWN }), { changes: false });
    assert.deepEqual(await ownerOf(world).diff("", olds, { region: "eu-west-1" }), { changes: true });
    const { outs } = await ownerOf(world).update("", olds, { region: "eu-west-1" });
    assert.deepEqual([outs?.mark, outs?.regions], [olds.mark, ["us-east-1", "eu-west-1"]]);
  });

  describe("of a stack with a bucket that a destroy keeps", () => {
    const storeMark = {
      bucket: "dense-1",
      organization: "acme",
      project: "training",
      stack: "dev",
      store: "dense-store",
      kmsKeyId: "key",
    };
    const told = (world: TrainingWorld) =>
      JSON.parse(world.aws.documents.get("s3://dense-1/stack.json") ?? "{}");
    const ofStack = async (world: TrainingWorld): Promise<OwnerState> =>
      (await world.anotherProvider().owner.create({ region: "us-east-1", storeMark })).outs as OwnerState;

    it("says in the bucket whose it is, and at the destroy that no stack has it any more", async () => {
      const world = new TrainingWorld();
      const state = await ofStack(world);
      const { bucket: _bucket, kmsKeyId, ...owner } = storeMark;
      const { time: _time, ...first } = told(world);
      assert.deepEqual(first, { ...owner, region: "us-east-1", inUse: true });
      await world.anotherProvider().owner.delete("", state);
      assert.equal(told(world).inUse, false);
      assert.deepEqual(
        world.aws.called("putJson").map(({ args }) => args[2]),
        [kmsKeyId, kmsKeyId],
      );
      assert.match(
        world.engine.everything(),
        /The bucket dense-1 is kept: the next `pulumi up` of this stack takes/,
      );
    });

    it("does not say so when the program took the experiment out: another may use the bucket", async () => {
      const world = new TrainingWorld();
      const state = await ofStack(world);
      await ownerOf(world).check({}, { region: "us-east-1" });
      await ownerOf(world).delete("", state);
      assert.equal(told(world).inUse, true);
    });

    it("says so from the next update on, where an earlier release made it", async () => {
      const world = new TrainingWorld();
      const olds = await created(world);
      assert.deepEqual(await ownerOf(world).diff("", olds, { storeMark: UNKNOWN as never }), {
        changes: false,
      });
      assert.deepEqual(await ownerOf(world).diff("", olds, { storeMark }), { changes: true });
      const { outs } = await ownerOf(world).update("", olds, { region: "us-east-1", storeMark });
      assert.equal(told(world).inUse, true);
      assert.deepEqual(await ownerOf(world).diff("", outs as OwnerState, { storeMark }), { changes: false });
    });

    it("goes on where the bucket may not be written to, and warns; of one that is gone there is nothing to say", async () => {
      const world = new TrainingWorld();
      world.aws.fail("putJson", denied("s3:PutObject"), 2);
      const state = await ofStack(world);
      await world.anotherProvider().owner.delete("", state);
      assert.match(world.engine.messages("warning").join(), /s3:\/\/dense-1\/stack\.json cannot be written/);
      assert.doesNotMatch(world.engine.everything(), /is kept/);
      const said = world.engine.everything();
      world.aws.fail("putJson", Object.assign(new Error("gone"), { name: "NoSuchBucket" }));
      await world.anotherProvider().owner.delete("", state);
      assert.equal(world.engine.everything(), said);
    });
  });

  describe("delete", () => {
    it("stops what carries the mark in every region of its state", async () => {
      const world = new TrainingWorld();
      const state = { ...(await created(world)), regions: ["us-east-1", "eu-west-1"] };
      const job = world.aws.existing("left", runs(), { [MARK_TAG]: state.mark }, 60);
      const before = world.regions.length;
      await ownerOf(world).delete("", state);
      assert.equal(job.status, "Stopped");
      assert.deepEqual(
        world.regions.slice(before).map(([name]) => name),
        ["eu-west-1"],
      );
    });

    it("looks again after a moment, as a list may not tell yet of a job whose creation was cut off", async () => {
      const world = new TrainingWorld();
      const state = await created(world);
      const job = world.aws.existing("late", runs({ unlisted: true }), { [MARK_TAG]: state.mark }, 60);
      const { sleep } = world.clock;
      world.clock.sleep = async (ms, signal) => {
        job.script.unlisted = false;
        await sleep.call(world.clock, ms, signal);
      };
      await ownerOf(world).delete("", state);
      assert.equal(job.status, "Stopped");
    });

    it("does not wait where the state knew the training's end", async () => {
      const world = new TrainingWorld();
      const state = await created(world);
      const provider = world.provider();
      const began = world.clock.now();
      provider.owner.completed(state.mark);
      await provider.owner.delete("", state);
      assert.equal(world.clock.now(), began);
    });

    it("fails where jobs may not be listed, with what to allow: it must not say that nothing runs", async () => {
      const world = new TrainingWorld();
      const state = await created(world);
      world.aws.fail("list", denied("sagemaker:ListTrainingJobs"));
      const { message } = await failureOf(ownerOf(world).delete("", state));
      assertSays(
        message,
        state.mark,
        "us-east-1",
        "grant your identity sagemaker:ListTrainingJobs",
        "destroy again",
      );
    });

    it("refuses the credentials of another account, where it would find nothing", async () => {
      const world = new TrainingWorld();
      const state = await created(world);
      const job = world.aws.existing("left", runs(), { [MARK_TAG]: state.mark }, 60);
      world.aws.accountId = "999999999999";
      const { message } = await failureOf(ownerOf(world).delete("", state));
      assertSays(message, "in account 111122223333", "account 999999999999", "Next: use the profile or role");
      assert.equal(job.status, "InProgress");
    });

    it("never touches another mark", async () => {
      const world = new TrainingWorld();
      const state = await created(world);
      const job = world.aws.existing("other", runs(), { [MARK_TAG]: "another" }, 60);
      await ownerOf(world).delete("", state);
      assert.equal(job.status, "InProgress");
    });
  });
});
