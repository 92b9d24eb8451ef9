import assert from "node:assert/strict";
import { ObjectDeniedError } from "../../../../components/trainingJob/aws/denied";
import type { TrainingError } from "../../../../components/trainingJob/run/errors";
import { awsError, throttled } from "../../support/awsErrors";
import { assertSays, failureOf } from "../../support/failure";
import { completes, fails, outOfSpot, runs, type ScriptedLine } from "../../support/scripts";
import { TrainingWorld } from "../../support/trainingWorld";

const logOf = (count: number): ScriptedLine[] =>
  Array.from({ length: count }, (_, index) => ({ at: 12, message: `line ${index + 1}` }));

describe("run, when the training fails", () => {
  const REASON = "AlgorithmError: ExecuteUserScriptError: ValueError: no images";

  it("says which job failed, SageMaker's reason, where the log is, which is above, and what to do next", async () => {
    const world = new TrainingWorld();
    world.aws.plan(fails(REASON, { log: logOf(30) }));

    const lines = (await failureOf<TrainingError>(world.run())).message.split("\n");

    assert.deepEqual(
      world.engine.messages("info").filter((message) => message.startsWith("line ")),
      logOf(30).map(({ message }) => message),
    );
    assert.equal(lines[0], `Training job ${world.name} ended Failed without a model artifact.`);
    assert.equal(lines[1], `SageMaker: ${REASON}`);
    assert.match(
      lines[2],
      /^Log: https:\/\/us-east-1\.console\.aws\.amazon\.com\/cloudwatch\/.*dense-.* \(its last lines are above\)$/,
    );
    assert.match(lines[3], /^Next: mend the training script, then `pulumi up`/);
    assert.equal(lines.length, 4);
  });

  it("gives the last 20 log lines of a job that it did not follow", async () => {
    const world = new TrainingWorld({ adopt: "made-by-hand" });
    world.aws.existing("made-by-hand", fails(REASON, { log: logOf(30) }), {}, 3600);

    const lines = (await failureOf<TrainingError>(world.run())).message.split("\n");

    assert.equal(lines[2], "Last lines of its log:");
    assert.deepEqual(
      lines.slice(3, 23),
      Array.from({ length: 20 }, (_, index) => `  line ${index + 11}`),
    );
    assert.match(lines[23], /^Log: .*(?<! are above\))$/);
    assert.equal(lines.length, 25);
  });

  it("keeps the failed job's facts, without an artifact", async () => {
    const world = new TrainingWorld();
    world.aws.plan(fails("AlgorithmError: no"));

    const { facts } = await failureOf<TrainingError>(world.run());

    assert.equal(facts?.trainingJobName, world.name);
    assert.equal(facts?.status, "Failed");
    assert.equal(facts?.failureReason, "AlgorithmError: no");
    assert.equal(facts?.modelArtifact, null);
    assert.equal(facts?.claim, "claim-of-this-run");
    assert.deepEqual(
      facts?.timeline.map(({ status }) => status),
      ["Starting", "Training", "Failed"],
    );
  });

  it("names the failure even when the log cannot be read", async () => {
    const world = new TrainingWorld();
    world.aws.plan(fails("AlgorithmError: no"));
    world.aws.once("create", () => world.aws.fail("logStreams", throttled(), 1000));

    const { message } = await failureOf(world.run());

    assertSays(message, "AlgorithmError: no", "Log: https://");
    assert.ok(!message.includes("Last lines"));
  });

  it("treats a job that is Completed without an artifact as failed, and names the place where it should be", async () => {
    const world = new TrainingWorld();
    world.aws.plan(completes({ artifact: false }));

    const error = await failureOf<TrainingError>(world.run());

    assertSays(
      error.message,
      `Training job ${world.name} is Completed, but there is no model artifact at s3://bucket/artifacts/${world.name}/output/model.tar.gz`,
      "SM_MODEL_DIR",
      "Log: https://",
    );
    assert.equal(error.facts?.status, "Completed");
    assert.equal(error.facts?.modelArtifact, null);
  });

  it("finds an uncompressed artifact as files under its prefix", async () => {
    const world = new TrainingWorld({
      outputDataConfig: { s3OutputPath: "s3://bucket/artifacts", compressionType: "NONE" },
    });
    world.aws.plan(completes({ artifact: false }));
    world.aws.objects.set(`s3://bucket/artifacts/${world.name}/output/model.tar.gz/model.pth`, '"etag"');

    assert.equal((await world.run()).status, "Completed");
  });

  it("takes a job that was stopped from outside as failed, not as done", async () => {
    const world = new TrainingWorld();
    world.aws.plan(runs());
    const [error] = await Promise.all([
      failureOf<TrainingError>(world.run()),
      world.clock.sleep(20_000).then(() => world.aws.stop(world.name)),
    ]);

    assertSays(error.message, `${world.name} ended Stopped`, "it was stopped from outside");
    assert.equal(error.facts?.status, "Stopped");
    assert.equal(error.facts?.modelArtifact, null);
  });

  it("keeps the job before a fallback that AWS refuses", async () => {
    const world = new TrainingWorld({ spot: { maxWait: "2h", fallback: "on-demand" } });
    world.aws.plan(outOfSpot());
    world.aws.once("create", () =>
      world.aws.fail("create", awsError("ResourceLimitExceeded", "0 Instances")),
    );

    const error = await failureOf<TrainingError>(world.run());

    assertSays(error.message, "ResourceLimitExceeded", "Service Quotas");
    assert.equal(error.facts?.trainingJobName, world.name);
    assert.equal(error.facts?.attempts.length, 1);
  });

  it("says that the model is there and which permission shows it, where S3 denies the look", async () => {
    const world = new TrainingWorld();
    const uri = `s3://bucket/artifacts/${world.name}/output/model.tar.gz`;
    world.aws.fail("objectExists", new ObjectDeniedError(uri, awsError("Forbidden", "403", 403)));

    const error = await failureOf<TrainingError>(world.run());

    assertSays(error.message, "is Completed and paid for", "s3:GetObject", "nothing is trained again");
    assert.ok(!error.message.includes("may still"));
    assert.equal(error.facts?.status, "Completed");
    assert.equal((await world.run()).trainingJobName, world.name);
  });

  it("does not try a failed script again by itself", async () => {
    const world = new TrainingWorld({ spot: { maxWait: "2h", fallback: "on-demand" } });
    world.aws.plan(fails("AlgorithmError: no"));

    await failureOf(world.run());

    assert.equal(world.aws.requests.length, 1);
  });
});
