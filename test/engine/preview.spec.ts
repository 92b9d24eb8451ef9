import { strict as assert } from "node:assert";
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { ListTagsCommand } from "@aws-sdk/client-sagemaker";
import { jobProgram } from "./support/jobProgram";
import { TestStack } from "./support/stack";

describe("preview and update", function () {
  this.timeout(240_000);
  let stack: TestStack;
  afterEach(() => stack.dispose());

  const noChanges = async (...args: string[]) => {
    const { code, output } = await stack.run(["preview", "--expect-no-changes", ...args]);
    assert.equal(code, 0, output);
  };
  const jobName = async () => String((await stack.outputs()).trainingJobName);

  it("says the worst-case cost before anything is created", async () => {
    stack = await TestStack.create("announced", {
      config: { "training:maxRun": "2h", "training:fallback": "on-demand", "training:instanceCount": 2 },
    });
    const { code, output } = await stack.run(["preview"]);
    assert.equal(code, 0, output);
    // 2 instances x 2 attempts x 2 h x $1.408
    assert.match(output, /Costs at most \$11\.26: 2 x ml\.g5\.xlarge for 7200 s, 2 attempts/);
    assert.deepEqual(await stack.jobs(), []);
  });

  it("takes the table's prices where the live ones cannot be read, and says so", async () => {
    // The local AWS has no Price List API.
    // Behind a proxy, which is not for what is on this machine: the engine and its plugins are.
    const proxy = "http://127.0.0.1:9";
    stack = await TestStack.create("priced", {
      config: { "training:livePrices": true },
      env: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy, http_proxy: proxy, https_proxy: proxy },
    });
    const { code, output } = await stack.run(["preview"]);
    assert.equal(code, 0, output);
    assert.match(
      output,
      /Costs at most \$0\.47: .*\(on-demand prices of us-east-1, 2026-11; the live prices are missing: /,
    );
  });

  it("refuses a configuration that is not valid, and names every key", async () => {
    stack = await TestStack.create("misconfigured", {
      config: { "training:maxRun": "soon", "training:instanceTyp": "ml.g5.xlarge", "training:train": "data" },
    });
    const { code, output } = await stack.run(["preview"]);
    assert.notEqual(code, 0, output);
    for (const key of ["training:maxRun: use ", "instanceTyp", "training:train: use an S3 URI"]) {
      assert.ok(output.includes(key), `${key} is missing in:\n${output}`);
    }
  });

  it("refuses inputs that SageMaker would refuse, each with its property, and creates nothing", async () => {
    stack = await TestStack.create("preview-refused", {
      program: jobProgram(`
        maxRun: "2h",
        spot: { maxWait: "1h" },
        warmPool: { keepAlive: "30m" },
        hyperparameters: { sagemaker_program: "other.py" },
        tags: { "aws:owner": "us" },
      `),
    });
    for (const command of [["preview"], ["up", "--yes"]]) {
      const { code, output } = await stack.run(command);
      assert.notEqual(code, 0, output);
      for (const property of [
        "spot.maxWait",
        "warmPool",
        "hyperparameters.sagemaker_program",
        'tags["aws:owner"]',
      ]) {
        assert.ok(output.includes(property), `${property} is missing in:\n${output}`);
      }
    }
    assert.deepEqual(await stack.jobs(), []);
    assert.deepEqual(await stack.jobsInState(), []);
  });

  it("warns of what it does not know, and reads names, places and expressions as they are written", async () => {
    const program = jobProgram(`
      outputDataConfig: {
        s3OutputPath: pulumi.interpolate\`https://s3.us-east-1.amazonaws.com/\${store.bucket}/artifacts\`,
      },
      metricDefinitions: [{ name: "accuracy", regex: "(?i)VAL_ACCURACY=(?P<value>[0-9.]++)" }],
    `).replace("new TrainingJob(config.experiment", 'new TrainingJob("my_model"');
    stack = await TestStack.create("spellings", { program });
    const newer = await stack.run(["preview", "-c", "training:instanceType=ml.g9.xlarge"]);
    assert.equal(newer.code, 0, newer.output);
    assert.match(
      newer.output,
      /warning: resourceConfig\.instanceType: "ml\.g9\.xlarge" is not one of the \d+ values/,
    );

    const up = await stack.up("-c", "training:instanceType=ml.g5.xlarge");
    assert.equal(up.code, 0, up.output);
    assert.doesNotMatch(up.output, /warning/);
    assert.match(await jobName(), /^my-model-/);
    const { modelArtifact, storeBucket } = await stack.outputs();
    assert.ok(
      String(modelArtifact).startsWith(`s3://${storeBucket}/artifacts/my-model-`),
      String(modelArtifact),
    );
    const [{ outputs }] = await stack.jobsInState();
    assert.deepEqual(outputs.metrics, { accuracy: 0.9 });
  });

  it("refreshes without a difference, changes tags in place, and trains again only for what defines the training", async () => {
    stack = await TestStack.create("updated");
    const up = await stack.up();
    assert.equal(up.code, 0, up.output);
    const first = await jobName();
    const refreshed = await stack.run(["refresh", "--yes", "--expect-no-changes"]);
    assert.equal(refreshed.code, 0, refreshed.output);
    await noChanges("-c", "training:maxRun=30m");
    await noChanges("-c", "training:livePrices=false");

    const tagged = await stack.up("-c", "training:tags.team=imaging", "--config-path");
    assert.equal(tagged.code, 0, tagged.output);
    assert.doesNotMatch(tagged.output, /Trains again/);
    assert.equal(await jobName(), first);
    const ResourceArn = `arn:aws:sagemaker:us-east-1:000000000000:training-job/${first}`;
    const { Tags = [] } = await stack.sagemaker.send(new ListTagsCommand({ ResourceArn }));
    assert.deepEqual(
      Tags.filter(({ Key }) => Key === "team"),
      [{ Key: "team", Value: "imaging" }],
    );

    const again = await stack.up("-c", "training:runId=second");
    assert.equal(again.code, 0, again.output);
    assert.match(again.output, /Trains again because of: runId/);
    assert.notEqual(await jobName(), first);
  });

  it("trains again for changed data where that is asked for, and not for the same data", async () => {
    const data = "s3://test-data/fingerprinted";
    stack = await TestStack.create("fingerprinted", {
      config: { "training:fingerprintData": true, "training:train": data, "training:val": data },
    });
    const put = (Key: string, Body: string) =>
      stack.s3.send(new PutObjectCommand({ Bucket: "test-data", Key: `fingerprinted/${Key}`, Body }));
    const empty = await stack.run(["preview"]);
    assert.notEqual(empty.code, 0, empty.output);
    assert.match(empty.output, /training:train.* names no objects/);

    await put("cat/1.txt", "one");
    const up = await stack.up();
    assert.equal(up.code, 0, up.output);
    const first = await jobName();
    await put("cat/1.txt", "one");
    await noChanges();

    await put("cat/1.txt", "another one");
    const again = await stack.up();
    assert.equal(again.code, 0, again.output);
    assert.match(
      again.output,
      /Trains again because of: dataFingerprints\.train: [0-9a-f]{16} -> [0-9a-f]{16}, dataFingerprints\.val/,
    );
    assert.notEqual(await jobName(), first);

    await stack.s3.send(new DeleteObjectCommand({ Bucket: "test-data", Key: "fingerprinted/cat/1.txt" }));
    const gone = await stack.run(["preview", "--expect-no-changes"]);
    assert.equal(gone.code, 0, gone.output);
    assert.match(gone.output, /warning: training:train: names no objects any more/);
  });
});
