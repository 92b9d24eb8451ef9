import assert from "node:assert/strict";
import type { TrainingError } from "../../../../components/trainingJob/run/errors";
import { assertSays, failureOf } from "../../support/failure";
import { completes, fails, NO_CAPACITY, outOfSpot } from "../../support/scripts";
import { TrainingWorld } from "../../support/trainingWorld";

const MINUTE = 60_000;

/** A spot experiment that tries again on demand. */
const withFallback = (more: Record<string, unknown> = {}) =>
  new TrainingWorld({ spot: { maxWait: "2h", fallback: "on-demand", capacityRetries: 0, ...more } });

const namesOf = (world: TrainingWorld) => world.aws.requests.map((each) => each.TrainingJobName);

/** The pauses between one job and the next. */
const capacityPauses = (world: TrainingWorld) => world.clock.sleeps.filter((pause) => pause >= MINUTE);

describe("run on spot", () => {
  it("asks for managed spot, the time to wait, and checkpoints", async () => {
    const world = withFallback();

    await world.run();

    const [request] = world.aws.requests;
    assert.equal(request.EnableManagedSpotTraining, true);
    assert.deepEqual(request.StoppingCondition, { MaxRuntimeInSeconds: 3600, MaxWaitTimeInSeconds: 7200 });
    assert.deepEqual(request.CheckpointConfig, {
      S3Uri: `s3://bucket/artifacts/${world.name}/checkpoints`,
      LocalPath: "/opt/ml/checkpoints",
    });
  });

  it("takes MaxWaitTimeExceeded as failed, though its status is Stopped, and says what to do", async () => {
    const world = new TrainingWorld({ spot: { maxWait: "2h" } });
    world.aws.plan(outOfSpot());

    const error = await failureOf<TrainingError>(world.run());

    assertSays(
      error.message,
      `${world.name} ended Stopped (MaxWaitTimeExceeded)`,
      "set fallback to on-demand",
    );
    assert.equal(error.facts?.secondaryStatus, "MaxWaitTimeExceeded");
    assert.deepEqual(namesOf(world), [world.name]);
  });

  it("falls back to an on-demand job from the same checkpoints, and keeps both attempts", async () => {
    const world = withFallback();
    world.aws.plan(outOfSpot(), completes());

    const facts = await world.run();

    const [spot, onDemand] = world.aws.requests;
    assert.equal(onDemand.TrainingJobName, `${world.name}-od`);
    assert.equal(onDemand.EnableManagedSpotTraining, false);
    assert.equal(onDemand.StoppingCondition?.MaxWaitTimeInSeconds, undefined);
    assert.equal(onDemand.StoppingCondition?.MaxRuntimeInSeconds, 3600);
    assert.deepEqual(onDemand.CheckpointConfig, spot.CheckpointConfig);
    assert.equal(facts.trainingJobName, `${world.name}-od`);
    assert.deepEqual(
      facts.attempts.map((each) => [
        each.trainingJobName,
        each.purchaseOption,
        each.secondaryStatus,
        each.reason,
      ]),
      [
        [world.name, "spot", "MaxWaitTimeExceeded", "No spot capacity"],
        [`${world.name}-od`, "on-demand", "Completed", undefined],
      ],
    );
    assertSays(world.engine.messages().join("\n"), `going on with ${world.name}-od on demand`);
  });

  it("adds the attempts up in the cost", async () => {
    const world = withFallback();
    world.aws.plan(outOfSpot({ trainingSeconds: 100, billableSeconds: 40 }), completes());

    const { cost } = await world.run();

    assert.equal(cost.actual, Number(((90 * 1.408) / 3600).toFixed(4)));
    assert.equal(cost.onDemand, Number(((150 * 1.408) / 3600).toFixed(4)));
  });

  it("picks up the fallback where the last deployment left it", async () => {
    const world = withFallback();
    world.aws.existing(world.name, outOfSpot(), world.ownTags, 3600);
    world.aws.existing(`${world.name}-od`, completes(), world.ownTags, 20);

    const facts = await world.run();

    assert.deepEqual(world.aws.requests, []);
    assert.equal(facts.trainingJobName, `${world.name}-od`);
  });

  it("tries spot again in the deployment after a fallback that failed", async () => {
    const world = withFallback();
    world.aws.existing(world.name, outOfSpot(), world.ownTags, 3600);
    world.aws.existing(`${world.name}-od`, fails("AlgorithmError: no"), world.ownTags, 3600);

    const facts = await world.run();

    assert.deepEqual(namesOf(world), [`${world.name}-2`]);
    assert.equal(world.aws.requests[0].EnableManagedSpotTraining, true);
    assert.equal(facts.attempts.length, 3);
  });

  it("tries again after a capacity error, with growing pauses, until the retries are used up", async () => {
    const world = new TrainingWorld({ spot: { maxWait: "2h", capacityRetries: 6 } });
    world.aws.plan(...Array.from({ length: 7 }, () => fails(NO_CAPACITY)));

    const error = await failureOf<TrainingError>(world.run());

    assert.deepEqual(namesOf(world), [
      world.name,
      ...[2, 3, 4, 5, 6, 7].map((attempt) => `${world.name}-${attempt}`),
    ]);
    const jobs = [...world.aws.jobs.values()];
    const pauses = jobs.slice(1).map((job, index) => (job.createdAt - jobs[index].modifiedAt) / MINUTE);
    assert.deepEqual(pauses, [1, 2, 4, 8, 15, 15], "from the end of the one before");
    assertSays(error.message, `${world.name}-7 ended Failed`, NO_CAPACITY, "try later with `pulumi up`");
    assert.equal(error.facts?.attempts.length, 7);
  });

  it("says on the row that it waits for capacity", async () => {
    const world = new TrainingWorld({ spot: { maxWait: "2h", capacityRetries: 1 } });
    world.aws.plan(fails(NO_CAPACITY));

    const facts = await world.run();

    assert.equal(facts.trainingJobName, `${world.name}-2`);
    assertSays(world.engine.rows.join("\n"), /no capacity: trying again in [456]\d s/);
  });

  it("falls back to on-demand once the capacity retries are used up", async () => {
    const world = withFallback({ capacityRetries: 1 });
    world.aws.plan(fails(NO_CAPACITY), fails(NO_CAPACITY), completes());

    const facts = await world.run();

    assert.deepEqual(namesOf(world), [world.name, `${world.name}-2`, `${world.name}-2-od`]);
    assert.equal(facts.status, "Completed");
  });

  it("stays on demand when the fallback itself finds no capacity", async () => {
    const world = withFallback({ capacityRetries: 1 });
    world.aws.plan(outOfSpot(), fails(NO_CAPACITY), completes());

    await world.run();

    assert.deepEqual(namesOf(world), [world.name, `${world.name}-od`, `${world.name}-2-od`]);
    assert.equal(world.aws.requests[2].EnableManagedSpotTraining, false);
  });

  it("fails when the fallback finds no capacity either", async () => {
    const world = withFallback();
    world.aws.plan(outOfSpot(), fails(NO_CAPACITY));

    const error = await failureOf<TrainingError>(world.run());

    assertSays(error.message, `${world.name}-od ended Failed`, NO_CAPACITY);
    assert.equal(error.facts?.attempts.length, 2);
  });

  it("does not retry capacity for a job that an earlier deployment left failed: it starts the next one at once", async () => {
    const world = new TrainingWorld({ spot: { maxWait: "2h", capacityRetries: 3 } });
    world.aws.existing(world.name, fails(NO_CAPACITY), world.ownTags, 3600);

    await world.run();

    assert.deepEqual(namesOf(world), [`${world.name}-2`]);
    assert.deepEqual(capacityPauses(world), []);
  });

  it("names the attempts before a job to the deployment as soon as it is asked for", async () => {
    const world = withFallback();
    world.aws.plan(outOfSpot());
    world.aws.once("create", () => world.aws.once("create", () => world.cancel()));

    assert.equal((await failureOf(world.run())).name, "CancelledError");

    const last = world.known.at(-1);
    assert.equal(last?.job, `${world.name}-od`);
    assert.deepEqual(
      last?.earlier.map((each) => each.trainingJobName),
      [world.name],
    );
  });

  it("ends the wait for capacity when the deployment is cancelled", async () => {
    const world = new TrainingWorld({ spot: { maxWait: "2h", capacityRetries: 3 } });
    world.aws.plan(fails(NO_CAPACITY), fails(NO_CAPACITY));

    const [error] = await Promise.all([failureOf(world.run()), world.cancelAfter(150)]);

    assert.equal(error.name, "CancelledError");
    assert.deepEqual(namesOf(world), [world.name, `${world.name}-2`]);
  });
});
