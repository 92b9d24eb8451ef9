import assert from "node:assert/strict";
import { mock } from "node:test";
import { CancelledError, TrainingError } from "../../../../components/trainingJob/run/errors";
import { keepPartial } from "../../../../components/trainingJob/run/partial";
import { JobGoneError } from "../../../../components/trainingJob/run/watcher";
import { factsOf, type TrainingJobFacts } from "../../../../components/trainingJob/state/facts";
import { denied, expired, throttled, validation } from "../../support/awsErrors";
import { assertSays } from "../../support/failure";
import { fails, runs } from "../../support/scripts";
import { TrainingWorld } from "../../support/trainingWorld";

/** The error by which Pulumi keeps a resource in the state. */
interface Kept extends Error {
  id?: string;
  properties?: Record<string, unknown>;
  reasons?: string[];
}

const PROVIDER = { __provider: "the serialized provider" };

class World extends TrainingWorld {
  readonly facts: TrainingJobFacts;

  constructor(changes: Record<string, unknown> = {}, script = runs()) {
    super({ ...changes, ...PROVIDER });
    const job = this.aws.existing(this.name, script, this.claimedTags, 60);
    this.facts = factsOf(this.inputs, "us-east-1", job.describe());
  }

  keep(error: Error, known: TrainingJobFacts | undefined = this.facts): Promise<Kept> {
    return keepPartial(this.name, this.inputs, known, error, this.aws);
  }
}

describe("keepPartial", () => {
  it("keeps a failed job with its id, the inputs, the facts, and the reason", async () => {
    const world = new World({}, fails("AlgorithmError: no"));
    const kept = await world.keep(new TrainingError("it failed", world.facts));

    assert.equal(kept.message, "it failed");
    assert.equal(kept.id, world.name);
    assert.deepEqual(kept.reasons, ["it failed"]);
    assert.equal(kept.properties?.status, "Failed");
    assert.equal(kept.properties?.failureReason, "AlgorithmError: no");
    for (const [name, value] of Object.entries(world.inputs)) {
      assert.deepEqual(kept.properties?.[name], value, name);
    }
    assert.equal(kept.properties?.__provider, PROVIDER.__provider, "without it nothing can be destroyed");
  });

  it("holds nothing that Pulumi's wire format does not know", async () => {
    const world = new World();
    const { properties } = await world.keep(new CancelledError());
    assert.deepEqual(properties, JSON.parse(JSON.stringify(properties)));
    assert.equal(properties?.modelArtifact, null, "what a job does not have is null");
  });

  it("keeps nothing where there is no job", async () => {
    const kept = await new World().keep(new TrainingError("there is no job to adopt"));
    assert.equal(kept.id, undefined);
    assert.equal(kept.message, "there is no job to adopt");
  });

  describe("on cancel", () => {
    it("lets the job go on, keeps it, and says how to go on, without a call to AWS", async () => {
      const world = new World();
      const kept = await world.keep(new CancelledError());

      assert.equal(kept.id, world.name);
      assert.equal(kept.properties?.status, "InProgress");
      assertSays(
        kept.message,
        `training job ${world.name} goes on`,
        "`pulumi up` follows it",
        "`pulumi destroy` stops",
      );
      assert.deepEqual(world.aws.calls, []);
    });

    it("stops the job where that was asked for, and makes no other call", async () => {
      const world = new World({ onCancel: "stop" });
      const kept = await world.keep(new CancelledError());

      assert.equal(kept.id, world.name);
      assertSays(kept.message, `training job ${world.name} is being stopped`, "`pulumi up` trains again");
      assert.equal(world.aws.jobs.get(world.name)?.status, "Stopping");
      assert.deepEqual(
        world.aws.calls.map(({ name }) => name),
        ["stop"],
      );
    });

    it("does not claim that nothing runs when the creation is in flight", async () => {
      const world = new World({ onCancel: "stop" });
      world.aws.fail("stop", validation("Requested resource not found."));
      const kept = await world.keep(new CancelledError());

      assert.equal(kept.properties?.trainingJobName, world.name);
      assertSays(kept.message, "It may still run", "`pulumi up` follows it again, `pulumi destroy` stops it");
      assert.ok(!kept.message.includes("trains again"), kept.message);
    });

    it("keeps the job even when it cannot be stopped, and says why", async () => {
      const world = new World({ onCancel: "stop" });
      world.aws.fail("stop", denied("sagemaker:StopTrainingJob"));
      const kept = await world.keep(new CancelledError());

      assert.equal(kept.id, world.name);
      assertSays(kept.message, "could not be stopped (AccessDeniedException: not authorized");
    });

    it("waits no more than 1.5 s for the answer to the stop", async () => {
      mock.timers.enable({ apis: ["setTimeout"] });
      try {
        const world = new World({ onCancel: "stop" });
        world.aws.once("stop", () => new Promise(() => {}));
        const keeping = world.keep(new CancelledError());
        mock.timers.tick(1500);
        const kept = await keeping;

        assert.equal(kept.id, world.name);
        assertSays(kept.message, "was asked to stop, without an answer yet");
      } finally {
        mock.timers.reset();
      }
    });

    it("says that nothing was started when nothing was", async () => {
      const world = new World();
      const kept = await keepPartial(world.name, world.inputs, undefined, new CancelledError(), world.aws);
      assert.equal((kept as Kept).id, undefined);
      assert.equal(kept.message, "Cancelled before a training job was started.");
    });
  });

  for (const error of [throttled(), expired(), denied("sagemaker:DescribeTrainingJob")]) {
    it(`keeps a job that can no longer be followed (${error.name}), as it may run on`, async () => {
      const world = new World();
      const kept = await world.keep(error);

      assert.equal(kept.id, world.name);
      assert.equal(kept.properties?.status, "InProgress");
      assertSays(
        kept.message,
        `Training job ${world.name} can no longer be followed: ${error.name}: ${error.message}`,
        "`pulumi up` follows it again",
      );
    });
  }

  it("keeps a job that was deleted while it was followed, and does not say that it may run", async () => {
    const world = new World();
    const kept = await world.keep(new JobGoneError(`Training job ${world.name} no longer exists.`));

    assert.equal(kept.id, world.name);
    assertSays(kept.message, `Training job ${world.name} no longer exists.`, "`pulumi up` trains again");
    assert.ok(!kept.message.includes("may still be running"));
  });

  describe("when the answer to the creation is not known", () => {
    const asked = (world: World): TrainingJobFacts => ({
      ...world.facts,
      trainingJobArn: "",
      secondaryStatus: "",
    });

    it("keeps the job that may have been created", async () => {
      const world = new World();
      assert.equal((await world.keep(throttled(), asked(world))).id, world.name);
    });

    it("keeps nothing of a request that was refused", async () => {
      const world = new World();
      const refused = validation("no such bucket");
      assert.equal(await world.keep(refused, asked(world)), refused);
      assert.equal((refused as Kept).id, undefined);
    });
  });
});
