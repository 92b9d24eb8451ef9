import assert from "node:assert/strict";
import { CLAIM_TAG, DIGEST_TAG, MARK_TAG } from "../../../../components/trainingJob/identity/owner";
import { denied, validation } from "../../support/awsErrors";
import { assertSays, failureOf } from "../../support/failure";
import { completes, fails, runs } from "../../support/scripts";
import { CLAIM, TrainingWorld } from "../../support/trainingWorld";

type Tags = Record<string, string>;

/** Tags as a release without marks gave them. */
const unmarked = (
  { [MARK_TAG]: _mark, [DIGEST_TAG]: _digest, ...names }: Tags,
  changes: Tags = {},
): Tags => ({
  ...names,
  ...changes,
});

describe("run", () => {
  it("starts a job that is named after its inputs and tagged as ours, and follows it to its artifact", async () => {
    const world = new TrainingWorld({ tags: { team: "imaging" } });
    world.aws.plan(completes({ metrics: { loss: 0.25 } }));

    const facts = await world.run();

    const [request] = world.aws.requests;
    assert.equal(request.TrainingJobName, world.name);
    assert.deepEqual(Object.fromEntries((request.Tags ?? []).map(({ Key, Value }) => [Key, Value])), {
      team: "imaging",
      ...world.ownTags,
      [CLAIM_TAG]: CLAIM,
    });
    assert.equal(facts.trainingJobName, world.name);
    assert.equal(facts.status, "Completed");
    assert.equal(facts.modelArtifact, `s3://bucket/artifacts/${world.name}/output/model.tar.gz`);
    assert.deepEqual(facts.metrics, { loss: 0.25 });
    assert.equal(facts.claim, CLAIM);
    assert.deepEqual(
      facts.attempts.map((each) => [each.trainingJobName, each.status]),
      [[world.name, "Completed"]],
    );
  });

  it("names the job to the deployment before AWS is asked to create it", async () => {
    const world = new TrainingWorld();
    let knownBefore: string[] = [];
    world.aws.once("create", () => {
      knownBefore = world.known.map(({ job }) => job);
    });

    await world.run();

    assert.deepEqual(knownBefore, [world.name]);
  });

  it("follows a job of ours that runs already, and claims it", async () => {
    const world = new TrainingWorld();
    const job = world.aws.existing(world.name, completes(), world.ownTags, 20);

    const facts = await world.run();

    assert.deepEqual(world.aws.requests, []);
    assert.equal(facts.trainingJobName, world.name);
    assert.equal(facts.status, "Completed");
    assert.equal(job.tags[CLAIM_TAG], CLAIM);
    assertSays(world.engine.messages().join("\n"), `${world.name} is running already: following it.`);
  });

  it("takes over a completed job of ours without training again, and at once", async () => {
    const world = new TrainingWorld();
    const job = world.aws.existing(world.name, completes(), world.ownTags, 3600);
    job.describe();

    const facts = await world.run();

    assert.deepEqual(world.aws.requests, []);
    assert.deepEqual(world.clock.sleeps, []);
    assert.equal(facts.modelArtifact, job.artifactUri);
    assert.equal(job.tags[CLAIM_TAG], CLAIM);
    assertSays(world.engine.messages().join("\n"), "nothing is trained again");
  });

  for (const [what, script] of [
    ["failed", fails("AlgorithmError: it broke")],
    ["was stopped", { steps: [{ at: 0, status: "Stopped", secondary: "Stopped" }] }],
    ["completed, but its artifact is gone", completes({ artifact: false })],
  ] as const) {
    it(`goes on with the next name after a job of ours that ${what}`, async () => {
      const world = new TrainingWorld();
      world.aws.existing(world.name, script, world.ownTags, 3600);

      const facts = await world.run();

      assert.deepEqual(
        world.aws.requests.map((each) => each.TrainingJobName),
        [`${world.name}-2`],
      );
      assert.equal(facts.trainingJobName, `${world.name}-2`);
      assert.deepEqual(
        facts.attempts.map((each) => each.trainingJobName),
        [world.name, `${world.name}-2`],
      );
    });
  }

  it("waits for the end of a job of ours that is being stopped, and then trains again", async () => {
    const world = new TrainingWorld();
    const job = world.aws.existing(world.name, runs(), world.ownTags, 60);
    job.stop();

    const facts = await world.run();

    assert.equal(facts.trainingJobName, `${world.name}-2`);
    assert.equal(facts.attempts[0].status, "Stopped");
  });

  for (const [whose, tags] of [
    ["without tags", () => ({})],
    ["with another mark", (own: Tags) => ({ ...own, [MARK_TAG]: "another" })],
    ["of other inputs that only share the name", (own: Tags) => ({ ...own, [DIGEST_TAG]: "0".repeat(64) })],
    [
      "of another stack, from a release without marks",
      (own: Tags) => unmarked(own, { "pulumi:stack": "prod" }),
    ],
    ["of another resource, from such a release", (own: Tags) => unmarked(own, { "pulumi:urn": "urn:other" })],
  ] as const) {
    it(`steps over a job ${whose}: it is neither stopped nor tagged`, async () => {
      const world = new TrainingWorld();
      const before: Tags = tags(world.ownTags);
      const foreign = world.aws.existing(world.name, runs(), before);

      const facts = await world.run();

      assert.equal(facts.trainingJobName, `${world.name}-2`);
      assert.deepEqual(foreign.tags, before);
      assert.equal(foreign.status, "InProgress");
      assert.deepEqual(world.aws.called("stop"), []);
      assert.deepEqual(world.aws.called("tag"), []);
      assert.equal(facts.attempts.length, 1, "a foreign job is no attempt of ours");
    });
  }

  for (const [what, tags] of [
    [
      "has its mark, whatever its other tags say",
      (own: Tags) => ({ ...own, "pulumi:stack": "before-rename" }),
    ],
    ["has its mark and no digest", ({ [DIGEST_TAG]: _digest, ...own }: Tags) => own],
    ["has its names, from a release without marks", (own: Tags) => unmarked(own)],
  ] as const) {
    it(`takes over a job that ${what}`, async () => {
      const world = new TrainingWorld();
      const job = world.aws.existing(world.name, completes(), tags(world.ownTags), 20);

      const facts = await world.run();

      assert.equal(facts.trainingJobName, world.name);
      assert.deepEqual(world.aws.requests, []);
      assert.equal(job.tags[MARK_TAG], world.ownTags[MARK_TAG]);
      assert.equal(job.tags["pulumi:stack"], "dev");
    });
  }

  it("says that a job which runs keeps the maxRun that it was started with", async () => {
    const world = new TrainingWorld({ maxRun: "2h" });
    const StoppingCondition = { MaxRuntimeInSeconds: 3600 };
    world.aws.existing(world.name, completes(), world.ownTags, 20, { StoppingCondition });
    await world.run();
    assertSays(
      world.engine.messages("warning").join(),
      "maxRun of 3600 s, which cannot change: 7200 s holds from",
    );
  });

  it("follows a job that it may not tag, and says what that needs", async () => {
    const world = new TrainingWorld();
    world.aws.existing(world.name, completes(), world.ownTags, 20);
    world.aws.fail("tag", denied("sagemaker:AddTags"));
    assert.equal((await world.run()).status, "Completed");
    assertSays(
      world.engine.messages("warning").join(),
      "sagemaker:AddTags",
      world.name,
      "Next:",
      "all the same",
    );
  });

  it("follows the job that took the name between the look and the creation, if it is ours", async () => {
    const world = new TrainingWorld();
    world.aws.once("create", () => void world.aws.existing(world.name, completes(), world.ownTags));

    const facts = await world.run();

    assert.equal(world.aws.requests.length, 1);
    assert.equal(facts.trainingJobName, world.name);
    assert.equal(world.aws.jobs.get(world.name)?.tags[CLAIM_TAG], CLAIM);
  });

  it("takes the next name if a stranger's job took it in between", async () => {
    const world = new TrainingWorld();
    world.aws.once("create", () => void world.aws.existing(world.name, runs()));

    const facts = await world.run();

    assert.equal(facts.trainingJobName, `${world.name}-2`);
    assert.deepEqual(world.aws.jobs.get(world.name)?.tags, {});
  });

  it("takes the next name if that job cannot be seen for a minute", async () => {
    const world = new TrainingWorld();
    world.aws.existing(world.name, runs(), {}, 10);
    world.aws.hide(world.name, Number.POSITIVE_INFINITY);

    const { trainingJobName } = await world.run();

    assert.equal(trainingJobName, `${world.name}-2`);
    assertSays(
      world.engine.entries.map(({ message }) => message).join("\n"),
      `${world.name} is taken by a training job that cannot be seen`,
    );
  });

  it("shows the machines that may be chosen on the row", async () => {
    const instancePreferences = [{ instanceType: "ml.g5.xlarge" }, { instanceType: "ml.g6.xlarge" }];
    const world = new TrainingWorld({
      spot: undefined,
      resourceConfig: { instancePreferences, instanceCount: 2 },
    });
    await world.run();
    assertSays(world.engine.rows.join("\n"), "2 x ml.g5.xlarge or ml.g6.xlarge on-demand");
  });

  it("waits for a job that it started and that cannot be described yet", async () => {
    const world = new TrainingWorld();
    world.aws.hide(world.name, 4);

    assert.equal((await world.run()).status, "Completed");
    assert.equal(world.aws.requests.length, 1);
  });

  it("pauses before it looks again at a name that is taken by a job that cannot be seen", async () => {
    const world = new TrainingWorld();
    world.aws.existing(world.name, completes(), world.ownTags, 3600);
    world.aws.hide(world.name, 3);

    const facts = await world.run();

    assert.equal(facts.trainingJobName, world.name);
    assert.deepEqual(world.clock.sleeps, [2000, 2000], "one look before the creation, one after each of two");
  });

  describe("with adopt", () => {
    it("takes over any existing job, and marks it as this resource's", async () => {
      const world = new TrainingWorld({ adopt: "made-by-hand" });
      const job = world.aws.existing("made-by-hand", completes(), { team: "imaging" }, 30);

      const facts = await world.run();

      assert.deepEqual(world.aws.requests, []);
      assert.equal(facts.trainingJobName, "made-by-hand");
      assert.equal(facts.modelArtifact, job.artifactUri);
      assert.equal(job.tags.team, "imaging");
      assert.equal(job.tags[CLAIM_TAG], CLAIM);
      assert.equal(job.tags["pulumi:stack"], "dev");
    });

    it("says what to do when there is no such job, and starts none", async () => {
      const world = new TrainingWorld({ adopt: "nowhere" });

      const { message } = await failureOf(world.run());

      assertSays(message, "no training job nowhere in us-east-1", "correct `adopt`");
      assert.deepEqual(world.aws.requests, []);
    });

    it("fails for a job that failed, and trains nothing in its place", async () => {
      const world = new TrainingWorld({ adopt: "made-by-hand" });
      world.aws.existing("made-by-hand", fails("AlgorithmError: no"), {}, 3600);

      assertSays((await failureOf(world.run())).message, "made-by-hand ended Failed", "AlgorithmError: no");
      assert.deepEqual(world.aws.requests, []);
    });
  });

  it("hands on what AWS says to a request that it refuses", async () => {
    const world = new TrainingWorld();
    world.aws.fail("create", validation("The image does not exist"));

    assertSays((await failureOf(world.run())).message, world.name, "The image does not exist");
    assert.equal(world.aws.jobs.size, 0);
  });
});
