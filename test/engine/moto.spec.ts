import { strict as assert } from "node:assert";
import { paginateListTags } from "@aws-sdk/client-sagemaker";
import { jobProgram } from "./support/jobProgram";
import { Moto } from "./support/moto/moto";
import { TestStack } from "./support/stack";

const POLICIES = [
  "--policy-pack",
  "policies",
  "--policy-pack-config",
  "policies/examples/policy-config.dev.json",
];

/**
 * What this program takes for AWS's way, held against a double that others wrote. moto completes every job as soon as it is created, so
 * what needs a job that runs or is stopped is not tested here.
 */
describe("on moto, a double of AWS by other hands", function () {
  this.timeout(240_000);
  let moto: Moto;
  let stack: TestStack;
  before(async () => {
    moto = await Moto.start();
  });
  after(() => moto?.stop());

  describe("a training from its first try to its end", () => {
    let job: string;
    before(async () => {
      await moto.reset();
      stack = await TestStack.create("life", {
        aws: moto.aws,
        config: {
          "training:bucketName": moto.bucket,
          "training:roleArn": moto.roleArn, // the name of the job is made from the inputs: so it stays the same
          "training:deletePolicy": "retain",
          "training:metrics": {}, // moto keeps no log, of which a metric without a value would be warned
          "training:tags": { team: "research", old: "yes" },
        },
      });
    });
    after(() => stack.dispose());

    it("fails without an artifact: says where it was looked for, and keeps the job in the state", async () => {
      const { code, output } = await stack.up();
      assert.notEqual(code, 0, output);
      job = (await stack.jobs())[0].TrainingJobName ?? "";
      const expected = `${job} is Completed, but there is no model artifact at ${moto.artifactOf(job)}`;
      assert.ok(output.includes(expected), output);
      const [{ outputs }] = await stack.jobsInState();
      assert.deepEqual([outputs.trainingJobName, outputs.status], [job, "Completed"]);
    });

    it("is not in the state any more when a refresh finds it gone from AWS", async () => {
      await moto.reset();
      const { code, output } = await stack.run(["refresh", "--yes"]);
      assert.equal(code, 0, output);
      assert.deepEqual(await stack.jobsInState(), []);
    });

    it("is created under the same name, and passes the policies", async () => {
      await moto.putArtifact(job);
      const { code, output } = await stack.up(...POLICIES);
      assert.equal(code, 0, output);
      // A job that lacks its seconds has none: neither a warning now nor a change later.
      assert.doesNotMatch(output, /warning/i);
      const { modelArtifact, trainingJobName, metrics } = await stack.outputs();
      assert.equal(trainingJobName, job);
      assert.equal(modelArtifact, moto.artifactOf(job));
      assert.deepEqual(metrics, { "train:progress": 100 });
      await nothingToDo();
    });

    it("has its tags, which change in place", async () => {
      const { team, old, ...tags } = await tagsOf(job);
      assert.deepEqual([team, old], ["research", "yes"]);
      assert.deepEqual([tags["pulumi:project"], tags["pulumi:stack"]], ["training", "test"]);

      await stack.ok(["config", "rm", "--path", "training:tags.old"]);
      const { code, output } = await stack.up("-c", "training:tags.team=vision", "--config-path");
      assert.equal(code, 0, output);
      const changed = await tagsOf(job);
      assert.deepEqual([changed.team, changed.old], ["vision", undefined]);
      assert.equal((await stack.jobs()).length, 1);
    });

    it("is found unchanged by a refresh", async () => {
      const [before] = await stack.jobsInState();
      const { code, output } = await stack.run(["refresh", "--yes", "--expect-no-changes"]);
      assert.equal(code, 0, output);
      // The engine takes outputs that changed for no change.
      const [after] = await stack.jobsInState();
      assert.deepEqual(after.outputs, before.outputs);
      await nothingToDo();
    });

    it("is refused at preview once it breaks a policy", async () => {
      const change = ["-c", "training:instanceType=ml.p4d.24xlarge"];
      const { code, output } = await stack.run(["preview", ...change, ...POLICIES]);
      await stack.ok(["config", "rm", "training:instanceType"]);
      assert.notEqual(code, 0, output);
      assert.match(output, /\[mandatory\] .*allowed-instance-types/);
      assert.equal((await stack.jobs()).length, 1);
    });

    it("is destroyed; the job's record stays", async () => {
      const { code, output } = await stack.run(["destroy", "--yes"]);
      assert.equal(code, 0, output);
      assert.deepEqual(await stack.jobsInState(), []);
      assert.equal((await stack.jobs()).length, 1);
    });
  });

  describe("a job that somebody else started", () => {
    before(async () => {
      await moto.reset();
      await moto.train("by-hand");
      const program = jobProgram(`adopt: new pulumi.Config("test").require("adopt"),`, {
        bucketName: moto.bucket,
      });
      stack = await TestStack.create("adopter", {
        aws: moto.aws,
        program,
        config: { "test:adopt": "nobodys" },
      });
    });
    after(() => stack.dispose());

    it("is not there under a wrong name", async () => {
      const { code, output } = await stack.up();
      assert.notEqual(code, 0, output);
      assert.match(output, /There is no training job nobodys in us-east-1 to adopt/);
    });

    it("is taken over with its artifact, by a role that was made for it", async () => {
      const { code, output } = await stack.up("-c", "test:adopt=by-hand");
      assert.equal(code, 0, output);
      const { modelArtifact, roleArn } = await stack.outputs();
      assert.equal(modelArtifact, moto.artifactOf("by-hand"));
      assert.match(String(roleArn), /^arn:aws:iam::123456789012:role\/role-/);
      assert.equal((await tagsOf("by-hand"))["pulumi:stack"], "test");
      await nothingToDo();
    });

    it("cannot be deleted where the endpoint does not serve that, which is said at once", async () => {
      const { code, output } = await stack.run(["destroy", "--yes"]);
      assert.notEqual(code, 0, output);
      assert.match(output, /error: .*DeleteTrainingJob/);
      assert.doesNotMatch(output, /SyntaxError|<!doctype/i);
      assert.equal((await stack.jobsInState()).length, 1);
    });
  });

  async function nothingToDo(): Promise<void> {
    const { code, output } = await stack.run(["preview", "--expect-no-changes"]);
    assert.equal(code, 0, output);
    assert.doesNotMatch(output, /\[unknown\]|warning/i);
  }

  async function tagsOf(name: string): Promise<Record<string, string>> {
    const ResourceArn = `arn:aws:sagemaker:us-east-1:123456789012:training-job/${name}`;
    const tags: Record<string, string> = {};
    for await (const page of paginateListTags({ client: stack.sagemaker }, { ResourceArn })) {
      for (const { Key, Value } of page.Tags ?? []) tags[Key ?? ""] = Value ?? "";
    }
    return tags;
  }
});
