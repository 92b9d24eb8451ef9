import assert from "node:assert/strict";
import { readFileSync, renameSync } from "node:fs";
import path from "node:path";
import { TestStack } from "../../../engine/support/stack";

const program = `
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
const config = new pulumi.Config("check");
const trust = { Version: "2012-10-17", Statement: [] };
const bucket = new aws.s3.Bucket("bucket", { forceDestroy: true });
new aws.s3.BucketObjectv2(
  "object",
  { bucket: bucket.bucket, key: "k", source: new pulumi.asset.FileAsset(config.require("file")) },
  { ignoreChanges: ["source"] },
);
new aws.iam.Role("given", { name: "given", path: config.require("path"), assumeRolePolicy: trust as never });
new aws.iam.Role("automatic", { path: config.require("path"), assumeRolePolicy: trust as never });
export const policy = bucket.policy;
`;

interface Recorded {
  type: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

describe("the stand-in on the real engine", function () {
  this.timeout(120_000);
  let stack: TestStack;
  before(async () => {
    stack = await TestStack.create("standin", {
      program,
      config: { "check:path": "/", "check:file": "one.txt" },
    });
    stack.write("one.txt", "1");
    stack.write("two.txt", "1");
    await stack.ok(["up", "--yes", "--skip-preview"]);
  });
  after(() => stack.dispose());

  async function recorded(type: string): Promise<Recorded> {
    const file = path.join(stack.dir, "exported.json");
    await stack.ok(["stack", "export", "--file", file]);
    const { deployment } = JSON.parse(readFileSync(file, "utf8"));
    return deployment.resources.find((resource: Recorded) => resource.type === type);
  }

  /** `+ aws:iam:Role given` and the like, in the order in which the engine took the steps. */
  function steps(output: string): string[] {
    const lines = output.matchAll(/^\s*(\S+)\s+aws:(?:iam:Role|s3:\w+)\s+(\w+)\s+(\w+)/gm);
    return [...lines].map(([, , name, step]) => `${name} ${step}`);
  }

  it("records what has no value as the real provider does", async () => {
    const { outputs } = await recorded("aws:s3/bucket:Bucket");
    const { policy, acl, tags, tagsAll, corsRules } = outputs;
    assert.deepEqual([policy, acl, tags, tagsAll, corsRules], ["", null, null, {}, []]);
    assert.equal((await stack.outputs()).policy, "");
    assert.equal((await stack.run(["preview", "--expect-no-changes"])).code, 0);
    assert.equal((await stack.run(["refresh", "--yes", "--expect-no-changes"])).code, 0);
  });

  it("deletes a resource with a given name first, and one with an automatic name last", async () => {
    const { code, output } = await stack.run(["up", "--yes", "--skip-preview", "-c", "check:path=/x/"]);
    assert.equal(code, 0, output);
    const order = steps(output).filter((step) => /deleted|created/.test(step));
    const at = (step: string) => order.findIndex((each) => each.startsWith(step));
    assert.ok(at("given deleted") < at("given created"), output);
    assert.ok(at("automatic created") < at("automatic deleted"), output);
  });

  it("changes default tags in place, in the deployment that changes them", async () => {
    const tags = ["-c", 'aws:defaultTags={"tags":{"team":"x"}}'];
    const { code, output } = await stack.up(...tags);
    assert.equal(code, 0, output);
    assert.match(output, /4 updated/);
    assert.deepEqual((await recorded("aws:s3/bucket:Bucket")).outputs.tagsAll, { team: "x" });
    const again = await stack.run(["preview", "--expect-no-changes"]);
    assert.equal(again.code, 0, again.output);
  });

  it("makes everything anew in another region", async () => {
    const { code, output } = await stack.run(["preview", "--diff", "-c", "aws:region=eu-west-1"]);
    assert.equal(code, 0, output);
    assert.match(output, /4 to replace/);
  });

  it("opens the file of an ignored asset, and says so when it is gone", async () => {
    renameSync(path.join(stack.dir, "one.txt"), path.join(stack.dir, "moved.txt"));
    const { code, output } = await stack.run(["preview", "-c", "check:file=two.txt"]);
    assert.notEqual(code, 0);
    const file = path.join(stack.dir, "one.txt");
    assert.ok(
      output.includes(`failed to open asset file '${file}': open ${file}: no such file or directory`),
      output,
    );
  });
});
