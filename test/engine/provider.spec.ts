import { strict as assert } from "node:assert";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  DescribeTrainingJobCommand,
  ListTagsCommand,
  ListTrainingJobsCommand,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { testAws } from "./support/aws";
import { jobProgram } from "./support/jobProgram";
import { TestStack } from "./support/stack";

/** The stack's program with the Experiment, or the TrainingJob, in a region that is not the stack's. */
const EXPERIMENT = `
import * as aws from "@pulumi/aws";
import { loadConfig } from "./components/config";
import { Experiment } from "./components/experiment";
const provider = new aws.Provider("eu", { region: "eu-west-1", defaultTags: { tags: { of: "provider" } } });
const { job } = new Experiment("experiment", loadConfig(), { provider });
export const { trainingJobArn, trainingJobName } = job;
`;
const withProvider = (settings: string) => `
import * as aws from "@pulumi/aws";
${jobProgram("")
  .replace("const job = ", `const provider = new aws.Provider("other", ${settings});\nconst job = `)
  .replace(/\n\}\);\nexport/, "\n}, { provider });\nexport")}`;

describe("an aws.Provider in the options", function () {
  this.timeout(240_000);
  let stack: TestStack;
  afterEach(() => stack.dispose());

  async function sagemakerIn(region: string): Promise<SageMakerClient> {
    const { endpoint, credentials } = await testAws();
    return new SageMakerClient({ endpoint, region, credentials });
  }

  async function dataIn(region: string): Promise<string> {
    const { endpoint, credentials } = await testAws();
    const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
    const Bucket = `test-data-${region}`;
    await s3.send(
      new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } }),
    );
    await s3.send(new PutObjectCommand({ Bucket, Key: "images/a.txt", Body: "a" }));
    s3.destroy();
    return `s3://${Bucket}/images/`;
  }

  it("of an Experiment is where its job runs, with the provider's default tags", async () => {
    // A job's data is in its region.
    const data = await dataIn("eu-west-1");
    stack = await TestStack.create("in-eu", {
      program: EXPERIMENT,
      config: {
        "aws:defaultTags": { tags: { of: "stack" } },
        "training:train": data,
        "training:val": data,
      },
    });
    const { code, output } = await stack.up();
    assert.equal(code, 0, output);
    assert.match(output, /creating \(\d+s\) val_accuracy=0\.9/); // a line of its log, followed there
    const { trainingJobArn, trainingJobName } = await stack.outputs();
    assert.match(String(trainingJobArn), /^arn:aws:sagemaker:eu-west-1:/);

    const eu = await sagemakerIn("eu-west-1");
    try {
      const job = await eu.send(new DescribeTrainingJobCommand({ TrainingJobName: String(trainingJobName) }));
      assert.match(String(job.AlgorithmSpecification?.TrainingImage), /\.eu-west-1\.amazonaws\.com/);
      const { Tags } = await eu.send(new ListTagsCommand({ ResourceArn: String(trainingJobArn) }));
      assert.equal(Tags?.find(({ Key }) => Key === "of")?.Value, "provider");

      const again = await stack.run(["preview", "--expect-no-changes"]);
      assert.equal(again.code, 0, again.output);
      await stack.ok(["destroy", "--yes"]);
      const left = await eu.send(new ListTrainingJobsCommand({ NameContains: "in-eu" }));
      assert.deepEqual(left.TrainingJobSummaries, []);
    } finally {
      eu.destroy();
    }
  });

  it("of a TrainingJob is refused at preview when it has static keys, and they are in no state", async () => {
    const settings = `{ region: "eu-west-1", accessKey: "AKIAHUNTER", secretKey: "hunter2" }`;
    stack = await TestStack.create("static-keys", { program: withProvider(settings) });
    const { code, output } = await stack.run(["preview"]);
    assert.notEqual(code, 0);
    assert.match(
      output,
      /provider.*has a problem: the aws\.Provider has accessKey, secretKey, which a training job cannot/,
    );
    assert.ok(!output.includes("hunter2"));
    assert.deepEqual(await stack.jobs(), []);
  });

  it("of a TrainingJob is followed in place of the stack's configuration", async () => {
    const settings = `{ region: "us-east-1", defaultTags: { tags: { of: "provider" } } }`;
    stack = await TestStack.create("own-provider", {
      program: withProvider(settings),
      config: { "aws:region": "us-east-1", "aws:defaultTags": { tags: { of: "stack" } } },
    });
    const { code, output } = await stack.up();
    assert.equal(code, 0, output);
    const [job] = await stack.jobsInState();
    assert.match(String(job.outputs.trainingJobArn), /^arn:aws:sagemaker:us-east-1:/);
    assert.deepEqual(job.inputs.tags, { of: "provider" });
  });
});

describe("aws:defaultTags", function () {
  this.timeout(240_000);
  let stack: TestStack;
  afterEach(() => stack.dispose());

  it("are on the job, and change there without training again", async () => {
    stack = await TestStack.create("default-tags", {
      program: jobProgram("tags: { own: 'x' },"),
      config: { "aws:defaultTags": { tags: { team: "imaging", own: "default" } } },
    });
    const first = await stack.up();
    assert.equal(first.code, 0, first.output);
    const [{ outputs }] = await stack.jobsInState();
    const tags = async () => {
      const { Tags = [] } = await stack.sagemaker.send(
        new ListTagsCommand({ ResourceArn: String(outputs.trainingJobArn) }),
      );
      return Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
    };
    const { team, own } = await tags();
    assert.deepEqual([team, own], ["imaging", "x"]);

    await stack.ok(["config", "set", "--path", "aws:defaultTags.tags.team", "pathology"]);
    const second = await stack.up();
    assert.equal(second.code, 0, second.output);
    assert.equal((await tags()).team, "pathology");
    assert.equal((await stack.jobs()).length, 1);
  });
});
