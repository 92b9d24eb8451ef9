import assert from "node:assert/strict";
import type { RunRecord } from "../../../../components/trainingJob/record/schema";
import { awsError } from "../../support/awsErrors";
import { assertSays, failureOf } from "../../support/failure";
import { completes, fails, NO_CAPACITY, outOfSpot, runs } from "../../support/scripts";
import { CLAIM, TrainingWorld } from "../../support/trainingWorld";

const METRICS = { metricDefinitions: [{ name: "acc", regex: "acc=([0-9.]+)" }] };
const LOG = [
  { at: 20, message: "epoch=1 acc=0.5" },
  { at: 40, message: "epoch=2 acc=0.9" },
];

const recordsOf = (world: TrainingWorld): Record<string, RunRecord> =>
  Object.fromEntries([...world.aws.documents].map(([uri, json]) => [uri, JSON.parse(json)]));
const uriOf = (name: string) => `s3://bucket/artifacts/${name}/run.json`;
const values = (record: RunRecord) => record.curves.acc?.points.map(({ epoch, value }) => [epoch, value]);

describe("the record of a run", () => {
  it("is beside the model, with what was put in, how it went and what came out", async () => {
    const world = new TrainingWorld(METRICS);
    world.aws.plan(completes({ log: LOG, metrics: { acc: 0.9 } }));

    const { outs } = await world.provider().create(world.inputs);

    const { [uriOf(world.name)]: record, ...others } = recordsOf(world);
    assert.deepEqual(others, {});
    assert.equal(record.modelArtifact, outs?.modelArtifact);
    assert.deepEqual(record.inputs.hyperparameters, { epochs: 4 });
    assert.deepEqual([record.project, record.stack, record.status], ["training", "dev", "Completed"]);
    assert.deepEqual(record.metrics, { acc: 0.9 });
    assert.deepEqual(values(record), [
      [1, 0.5],
      [2, 0.9],
    ]);
    assert.equal(record.curves.acc.points[0].time, "2026-01-01T00:00:20.000Z");
    assert.deepEqual(record.cost, outs?.cost);
    assert.deepEqual(record.attempts, outs?.attempts);
    assert.deepEqual(record.timeline, outs?.timeline);
    assert.deepEqual(world.engine.messages("warning"), []);
  });

  it("tells of a run that failed, with its reason and without a model", async () => {
    const world = new TrainingWorld(METRICS);
    world.aws.plan(fails("AlgorithmError: no", { log: LOG.slice(0, 1) }));
    await failureOf(world.provider().create(world.inputs));
    const record = recordsOf(world)[uriOf(world.name)];
    assert.deepEqual(
      [record.status, record.failureReason, record.modelArtifact, values(record)],
      ["Failed", "AlgorithmError: no", null, [[1, 0.5]]],
    );
  });

  it("is that of the job that made the model, and names the attempts before it", async () => {
    const world = new TrainingWorld({ spot: { maxWait: "2h", fallback: "on-demand" } });
    world.aws.plan(fails(NO_CAPACITY), fails(NO_CAPACITY), outOfSpot(), completes());
    await world.provider().create(world.inputs);
    const records = Object.values(recordsOf(world));
    assert.equal(records.length, 1);
    assert.deepEqual(
      records[0].attempts.map(({ status }) => status),
      ["Failed", "Failed", "Stopped", "Completed"],
    );
  });

  it("has the metrics of a job that ended while nobody followed it, from its log", async () => {
    const world = new TrainingWorld(METRICS);
    world.aws.existing(world.name, completes({ log: LOG }), world.ownTags, 3600);
    await world.provider().create(world.inputs);
    assert.deepEqual(values(recordsOf(world)[uriOf(world.name)]), [
      [1, 0.5],
      [2, 0.9],
    ]);
  });

  it("is written without metrics where the log cannot be read", async () => {
    const world = new TrainingWorld(METRICS);
    world.aws.existing(world.name, completes({ log: LOG, metrics: { acc: 0.9 } }), world.ownTags, 3600);
    world.aws.fail("logStreams", awsError("AccessDeniedException"));
    await world.provider().create(world.inputs);
    const record = recordsOf(world)[uriOf(world.name)];
    assert.deepEqual([record.curves, record.metrics], [{}, { acc: 0.9 }]);
  });

  it("stays as it is where the log that its curves came from is gone", async () => {
    for (const gone of [[], undefined]) {
      const world = new TrainingWorld(METRICS);
      world.aws.existing(world.name, completes({ log: gone, metrics: { acc: 0.9 } }), world.ownTags, 3600);
      if (gone === undefined) world.aws.fail("logStreams", awsError("AccessDeniedException"));
      await world.aws.putJson(uriOf(world.name), '{"curves":"of before"}');
      await world.provider().create(world.inputs);
      assert.equal(world.aws.documents.get(uriOf(world.name)), '{"curves":"of before"}');
    }
  });

  it("is written by the deployment that picks a job up, too", async () => {
    const world = new TrainingWorld(METRICS);
    world.aws.existing(world.name, completes({ log: LOG }, 120), world.claimedTags, 15);
    const state = await world.stateOf();
    assert.equal(state.status, "InProgress");
    await world.provider().update(world.name, state, world.inputs);
    assert.equal(recordsOf(world)[uriOf(world.name)].status, "Completed");
  });

  it("is not written again by an update of a run that had completed", async () => {
    const world = new TrainingWorld();
    world.aws.existing(world.name, completes(), world.claimedTags, 3600);
    const state = await world.stateOf();
    await world.provider().update(world.name, state, { ...world.inputs, tags: { team: "imaging" } });
    assert.deepEqual(world.aws.called("putJson"), []);
  });

  it("is not made of inputs that are not the job's: an adopted one has none", async () => {
    const world = new TrainingWorld({ adopt: "theirs" });
    world.aws.existing("theirs", completes(), {}, 3600);
    await world.provider().create(world.inputs);
    assert.deepEqual(world.aws.called("putJson"), []);
  });

  it("is none of a run that goes on", async () => {
    const world = new TrainingWorld();
    world.aws.plan(runs());
    const [error] = await Promise.all([
      failureOf(world.provider().create(world.inputs)),
      world.cancelAfter(30),
    ]);
    assertSays(error.message, "goes on");
    assert.deepEqual(world.aws.called("putJson"), []);
  });

  it("has the key of the results, where they have one", async () => {
    const kmsKeyId = "arn:aws:kms:us-east-1:111122223333:key/1";
    const world = new TrainingWorld({
      outputDataConfig: { s3OutputPath: "s3://bucket/artifacts", kmsKeyId },
    });
    await world.provider().create(world.inputs);
    assert.equal(world.aws.called("putJson")[0].args[2], kmsKeyId);
  });

  it("costs a warning with the permission when it may not be written, and never the run", async () => {
    const world = new TrainingWorld();
    world.aws.fail("putJson", awsError("AccessDenied", "Access Denied", 403));
    const { outs } = await world.provider().create(world.inputs);
    assert.equal(outs?.status, "Completed");
    const [warning, ...others] = world.engine.messages("warning");
    assert.deepEqual(others, []);
    assertSays(
      warning,
      world.name,
      uriOf(world.name),
      "Access Denied",
      "grant your identity s3:PutObject on",
    );
  });

  it("leaves the failure of a training as it is when it may not be written", async () => {
    const world = new TrainingWorld();
    world.aws.plan(fails("AlgorithmError: no")).fail("putJson", awsError("NoSuchBucket"));
    const error = await failureOf(world.provider().create(world.inputs));
    assertSays(error.message, "AlgorithmError: no");
    assertSays(world.engine.messages("warning").join(), "NoSuchBucket");
  });

  it("keeps the model of a deployment that is cancelled while it is written", async () => {
    const world = new TrainingWorld();
    world.aws.once("putJson", () => {
      world.cancel();
      return new Promise(() => {}); // S3 does not answer any more
    });
    const { outs } = await world.provider().create(world.inputs);
    assert.ok(outs?.modelArtifact);
    assertSays(world.engine.messages("warning").join(), "is not written");
  });

  it("goes with the model, or stays with it", async () => {
    for (const deletePolicy of ["delete", "retain"] as const) {
      const world = new TrainingWorld({ deletePolicy });
      const { id, outs } = await world.provider().create(world.inputs);
      assert.equal(world.aws.documents.size, 1);
      await world.provider().delete(id, outs as never);
      assert.equal(world.aws.documents.size, deletePolicy === "delete" ? 0 : 1);
    }
  });

  it("tells of a job that a destroy stopped, whose cost is paid all the same", async () => {
    const world = new TrainingWorld(METRICS);
    world.aws.existing(
      world.name,
      runs({ log: LOG.slice(0, 1), trainingSeconds: 42 }),
      world.claimedTags,
      60,
    );
    const state = await world.stateOf(world.name, { claim: CLAIM });
    await world.provider().delete(world.name, state);
    const record = recordsOf(world)[uriOf(world.name)];
    assert.deepEqual(
      [record.status, record.trainingSeconds, record.modelArtifact, values(record)],
      ["Stopped", 42, null, [[1, 0.5]]],
    );
  });
});
