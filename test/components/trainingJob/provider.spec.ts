import assert from "node:assert/strict";
import { UNKNOWN } from "../../../components/trainingJob/args/unknown";
import type { TrainingJobState } from "../../../components/trainingJob/state/state";
import { assertSays, failureOf } from "../support/failure";
import { canonicalInputs, MARK, programInputs, URN } from "../support/inputs";
import { completes, fails } from "../support/scripts";
import { TrainingWorld } from "../support/trainingWorld";

/** The error by which Pulumi keeps a resource in the state. */
interface Kept extends Error {
  id?: string;
  properties?: TrainingJobState;
}

describe("TrainingJobProvider", () => {
  describe("check", () => {
    it("hands back canonical inputs, and says what the training can cost at most", async () => {
      const world = new TrainingWorld();
      const { inputs, failures } = await world.provider().check({}, programInputs());
      assert.deepEqual(failures, []);
      assert.deepEqual(inputs, canonicalInputs());
      assertSays(world.engine.messages().join(), "Costs at most $1.41");
    });

    it("says nothing of the cost of a job that is in the state", async () => {
      const world = new TrainingWorld();
      await world.provider().check({ status: "Completed" } as TrainingJobState, programInputs());
      assert.deepEqual(world.engine.entries, []);
    });

    it("refuses what is wrong, without a call to AWS", async () => {
      const world = new TrainingWorld();
      const channel = { channelName: "train", fingerprint: true, dataSource: {} };
      const { failures } = await world.provider().check(
        {},
        programInputs({
          maxRun: "29d",
          resourceConfig: { instanceType: "g5.xlarge" },
          inputDataConfig: [channel],
        }),
      );
      const properties = (failures ?? []).map(({ property }) => property);
      assert.ok(properties.includes("training:maxRun") && properties.includes("training:instanceType"));
      assert.deepEqual(world.aws.calls, []);
      assert.deepEqual(world.engine.entries, []);
    });

    it("warns, once for a deployment, of what this program does not know and AWS may", async () => {
      const world = new TrainingWorld();
      const provider = world.provider();
      const newer = programInputs({ resourceConfig: { instanceType: "ml.g9.xlarge" } });
      assert.deepEqual((await provider.check({}, newer)).failures, []);
      await provider.check({}, newer);
      const [warning, ...others] = world.engine.entries.filter(({ severity }) => severity === "warning");
      assert.deepEqual(others, []);
      assert.equal(warning.urn, URN);
      assertSays(warning.message, 'training:instanceType: "ml.g9.xlarge" is not one of the');
    });

    it("goes on where the data of a finished training is gone", async () => {
      const world = new TrainingWorld();
      const provider = world.provider();
      world.aws.objects.set("s3://data/train/1.png", '"etag"');
      const { inputs: olds } = await provider.check({}, programInputs(fingerprinted));
      world.aws.objects.clear();
      const { inputs, failures } = await provider.check(olds, programInputs(fingerprinted));
      assert.deepEqual(failures, []);
      assert.deepEqual(inputs.dataFingerprints, olds.dataFingerprints);
      assertSays(world.engine.messages("warning").join(), "names no objects any more");
    });

    const fingerprinted = {
      inputDataConfig: [
        {
          channelName: "train",
          fingerprint: true,
          dataSource: { s3DataSource: { s3DataType: "S3Prefix", s3Uri: "s3://data/train/" } },
        },
      ],
    };

    it("puts fingerprints of the data into the inputs, or refuses a prefix without data", async () => {
      const world = new TrainingWorld();
      const { failures } = await world.provider().check({}, programInputs(fingerprinted));
      assert.equal(failures?.[0]?.property, "training:train");
      assert.deepEqual(world.engine.entries, [], "no price of what is refused");

      world.aws.objects.set("s3://data/train/1.png", '"etag"');
      const { inputs } = await world.provider().check({}, programInputs(fingerprinted));
      assert.match(inputs.dataFingerprints.train, /^[0-9a-f]{16}$/);
    });

    it("calls no AWS while the region is not known yet", async () => {
      const world = new TrainingWorld();
      const { failures } = await world
        .provider()
        .check({}, programInputs({ ...fingerprinted, region: UNKNOWN }));
      assert.deepEqual(failures, []);
      assert.deepEqual(world.aws.calls, []);
    });

    it("accepts a serverless job, which has no machines and no run time", async () => {
      const world = new TrainingWorld();
      const { failures } = await world.provider().check(
        {},
        programInputs({
          algorithmSpecification: undefined,
          resourceConfig: undefined,
          sourceUri: undefined,
          entryPoint: undefined,
          hyperparameters: undefined,
          maxRun: undefined,
          serverlessJobConfig: {
            jobType: "FineTuning",
            baseModelArn: "arn:aws:sagemaker:us-east-1:aws:hub-content/PublicHub/Model/llama/1.0.0",
            acceptEula: true,
          },
        }),
      );
      assert.deepEqual(failures, []);
      assertSays(world.engine.messages().join(), "Worst-case cost unknown");
    });
  });

  describe("diff", () => {
    it("tells on the job's row what makes it train again", async () => {
      const world = new TrainingWorld();
      world.aws.existing(world.name, completes(), world.claimedTags, 3600);
      const olds = await world.stateOf();
      const news = canonicalInputs({ hyperparameters: { epochs: 5 } });

      const difference = await world.provider().diff(world.name, olds, news);

      assert.deepEqual(difference, { changes: true, replaces: ["hyperparameters.epochs"] });
      assert.deepEqual(world.engine.entries, [
        { urn: URN, severity: "info", message: "Trains again because of: hyperparameters.epochs: 4 -> 5" },
      ]);
      assert.deepEqual(await world.provider().diff(world.name, olds, canonicalInputs()), {
        changes: false,
        replaces: [],
      });
    });
  });

  describe("create", () => {
    it("returns the inputs, echoed, and the facts of the completed job", async () => {
      const world = new TrainingWorld();
      const { id, outs } = await world.provider().create(world.inputs);

      assert.equal(id, `${world.name}.${MARK.slice(0, 8)}`);
      assert.equal(outs?.status, "Completed");
      assert.equal(outs?.modelArtifact, `s3://bucket/artifacts/${world.name}/output/model.tar.gz`);
      assert.match(outs?.claim, /^[0-9a-f-]{36}$/);
      for (const [name, value] of Object.entries(JSON.parse(JSON.stringify(world.inputs)))) {
        assert.deepEqual(outs?.[name], value, name);
      }
    });

    it("keeps a job that failed in the state, so that the next deployment replaces it", async () => {
      const world = new TrainingWorld();
      world.aws.plan(fails("AlgorithmError: no"));

      const { id, properties } = await failureOf<Kept>(world.provider().create(world.inputs));

      assert.equal(id, `${world.name}.${MARK.slice(0, 8)}`);
      const { replaces } = await world
        .provider()
        .diff(world.name, properties as TrainingJobState, world.inputs);
      assert.deepEqual(replaces, ["status"]);
      assert.equal((await world.provider().create(world.inputs)).outs?.trainingJobName, `${world.name}-2`);
    });

    it("loses nothing when its process is killed: the next deployment takes the job over", async () => {
      const world = new TrainingWorld();
      world.aws.plan(completes({}, 600));
      void world
        .provider()
        .create(world.inputs)
        .catch(() => {});
      await world.clock.sleep(60_000);

      const { outs } = await world.anotherProvider().create(world.inputs);

      assert.equal(outs?.trainingJobName, world.name);
      assert.equal(outs?.status, "Completed");
      assert.equal(world.aws.jobs.size, 1);
    });
  });

  it("follows all jobs with one watcher", async () => {
    const world = new TrainingWorld();
    const inputs = Array.from({ length: 40 }, (_, index) => canonicalInputs({ runId: String(index) }));

    const created = await Promise.all(inputs.map((each) => world.provider().create(each)));

    assert.equal(new Set(created.map(({ outs }) => outs?.trainingJobName)).size, 40);
    assert.equal(world.aws.requests.length, 40);
    // What the watcher lists, and not what a new job looks for before it.
    const since = ({ args }: { args: unknown[] }) => "LastModifiedTimeAfter" in (args[0] as object);
    const lists = world.aws.called("list").filter(since).length;
    assert.ok(lists > 0 && lists < 40, `${lists} lists`);
  });

  it("shows no value of a secret hyperparameter or variable: not in names, tags, rows or logs", async () => {
    const secrets = {
      hyperparameters: { token: "hunter2" },
      environment: { PASSWORD: "hunter2" },
      secretInputs: [
        ["hyperparameters", "token"],
        ["environment", "PASSWORD"],
      ],
    };
    const world = new TrainingWorld({ ...secrets, tags: { team: "imaging" } });
    world.aws.plan(fails("AlgorithmError: no"));
    const provider = world.provider();
    await provider.check({}, programInputs(secrets));
    const { message, properties } = await failureOf<Kept>(provider.create(world.inputs));
    await provider.diff(world.name, properties as TrainingJobState, canonicalInputs());
    await provider.delete(world.name, properties as TrainingJobState);

    const [{ Tags, TrainingJobName, HyperParameters }] = world.aws.requests;
    assert.equal(HyperParameters?.token, '"hunter2"', "the job itself does get it");
    const shown = JSON.stringify([message, Tags, TrainingJobName, world.engine.everything()]);
    assert.ok(!shown.includes("hunter2"), shown);
  });

  it("hands the stack's configuration to the session of the region, once for each region", async () => {
    const world = new TrainingWorld();
    const provider = world.provider();
    await provider.configure({ config: { get: (key: string) => `value of ${key}` } } as never);

    await provider.create(world.inputs);
    await provider.create(canonicalInputs({ runId: "2" }));
    await provider.create(canonicalInputs({ region: "eu-west-1" }));

    assert.deepEqual(world.regions, [
      ["us-east-1", "value of aws:profile"],
      ["eu-west-1", "value of aws:profile"],
    ]);
  });

  it("warns of data that is missing without a word of a secret place", async () => {
    const world = new TrainingWorld();
    const s3Uri = "s3://patients-of-ward-7/train/";
    world.aws.empty.add(s3Uri);
    const inputDataConfig = [
      { channelName: "train", dataSource: { s3DataSource: { s3DataType: "S3Prefix", s3Uri } } },
    ];
    const secretInputs = [["inputDataConfig", "0", "dataSource", "s3DataSource", "s3Uri"]];
    await world.provider().check({}, { ...world.inputs, inputDataConfig, secretInputs });
    const [warning = ""] = world.engine.messages("warning");
    assert.match(warning, /nothing is under/);
    assert.ok(!warning.includes("ward"), warning);
  });
});
