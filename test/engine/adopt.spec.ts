import { strict as assert } from "node:assert";
import { paginateListTags } from "@aws-sdk/client-sagemaker";
import { jobProgram } from "./support/jobProgram";
import { startPlainJob } from "./support/plainJob";
import { TestStack } from "./support/stack";

/** The job to adopt is the stack's own setting, so that a test can change it. */
const ADOPTS = jobProgram(`adopt: new pulumi.Config("test").get("adopt"),`);

describe("adopting a training job that somebody else started", function () {
  this.timeout(240_000);
  let stack: TestStack;
  afterEach(() => stack.dispose());

  const stackAdopting = (name: string, job: string) =>
    TestStack.create(name, { program: ADOPTS, config: { "test:adopt": job } });

  it("takes a completed one over with its artifact, without training", async () => {
    stack = await stackAdopting("taken", "taken-by-hand");
    await startPlainJob(stack, "taken-by-hand");
    await stack.untilJobs(["Completed"]);

    const { code, output } = await stack.up();

    assert.equal(code, 0, output);
    const { modelArtifact, trainingJobName } = await stack.outputs();
    assert.equal(trainingJobName, "taken-by-hand");
    assert.equal(modelArtifact, "s3://plain-jobs/out/taken-by-hand/output/model.tar.gz");
    assert.equal((await stack.jobs()).length, 1);
    assert.match(JSON.stringify(await tagsOf("taken-by-hand")), /"pulumi:stack":"test"/);

    const again = await stack.run(["preview", "--expect-no-changes"]);
    assert.equal(again.code, 0, again.output);
    // Once it is taken over, it need not be named any more.
    await stack.ok(["config", "rm", "test:adopt"]);
    const forgotten = await stack.up();
    assert.equal(forgotten.code, 0, forgotten.output);
    assert.equal((await stack.outputs()).trainingJobName, "taken-by-hand");

    await stack.ok(["destroy", "--yes"]);
    assert.deepEqual(await stack.jobs(), []); // deletePolicy is "delete", and the job is the stack's now
  });

  it("follows a running one to its end", async () => {
    stack = await stackAdopting("followed", "followed-by-hand");
    await startPlainJob(stack, "followed-by-hand", 30);

    const { code, output } = await stack.up();

    assert.equal(code, 0, output);
    assert.match(output, /followed-by-hand is running already: following it/);
    assert.match(output, /val_accuracy=0\.9/);
    const [job] = await stack.jobsInState();
    assert.equal(job.outputs.status, "Completed");
    assert.deepEqual(job.outputs.metrics, { val_accuracy: 0.9 });
    assert.equal((await stack.jobs()).length, 1);
  });

  it("refuses one that does not exist, and starts none in its place", async () => {
    stack = await stackAdopting("missing", "missing-by-hand");

    const { code, output } = await stack.up();

    assert.notEqual(code, 0, output);
    assert.match(
      output,
      /There is no training job missing-by-hand in us-east-1 to adopt: correct `adopt`, or leave it out to train/,
    );
    assert.deepEqual(await stack.jobs(), []);
    assert.deepEqual(await stack.jobsInState(), []);
  });

  async function tagsOf(name: string): Promise<Record<string, string>> {
    const ResourceArn = `arn:aws:sagemaker:us-east-1:000000000000:training-job/${name}`;
    const tags: Record<string, string> = {};
    for await (const page of paginateListTags({ client: stack.sagemaker }, { ResourceArn })) {
      for (const { Key, Value } of page.Tags ?? []) tags[Key ?? ""] = Value ?? "";
    }
    return tags;
  }
});
