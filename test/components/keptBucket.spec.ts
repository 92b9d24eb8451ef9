import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { keptBucket, storeOwner } from "../../components/keptBucket";
import { storeMarkJson, storeMarkUri } from "../../components/trainingJob/identity/storeMark";
import { denied } from "./support/awsErrors";
import { runProgram } from "./support/program";
import { TrainingWorld } from "./support/trainingWorld";

const NEW = { "pulumi:pulumi:readStackOutputs": { outputs: {} } };
const OWNER = { organization: "acme", project: "training", stack: "dev", store: "dense-store" };
const PREFIX = "dense-store-bucket-";

/** What the stack `dev` of an AWS with these buckets takes up. */
async function takenUp(
  buckets: Record<string, string>,
  { aws } = new TrainingWorld(),
  lookups: Record<string, Record<string, unknown>> = NEW,
) {
  for (const [bucket, json] of Object.entries(buckets)) aws.documents.set(storeMarkUri(bucket), json);
  let found: Promise<string | undefined> | undefined;
  const { calls } = await runProgram(
    () => {
      const row = new pulumi.ComponentResource("test:index:Row", "row");
      found = keptBucket(storeOwner("dense-store"), PREFIX, row, () => ({ name: "us-east-1", api: aws }));
    },
    { lookups },
  );
  return { bucket: await found, calls, asked: aws.calls.map(({ name }) => name) };
}

const marked = (changes: Partial<typeof OWNER> = {}, inUse = false, region = "us-east-1"): string =>
  storeMarkJson({ bucket: "", ...OWNER, ...changes }, inUse, region, 0);

describe("keptBucket", () => {
  it("is the one bucket that a destroy of this stack kept", async () => {
    const { bucket, calls } = await takenUp({
      "dense-store-bucket-1": marked(),
      "dense-store-bucket-2": marked({ stack: "prod" }),
      "dense-store-bucket-3": marked({ project: "other" }),
      "dense-store-bucket-4": marked({ organization: "other" }),
      "dense-store-bucket-5": marked({ store: "other-store" }),
      "dense-store-bucket-6": marked({}, true),
      "dense-store-bucket-7": marked({}, false, "eu-west-1"),
      "dense-store-bucket-8": "not JSON",
      "dense-store-bucket-9": "null",
      "other-store-bucket-1": marked(),
    });
    assert.equal(bucket, "dense-store-bucket-1");
    assert.deepEqual(calls[0], {
      token: "pulumi:pulumi:readStackOutputs",
      inputs: { name: "acme/training/dev" },
    });
  });

  it("is none where there are several, or none", async () => {
    const { bucket } = await takenUp({ "dense-store-bucket-1": marked(), "dense-store-bucket-2": marked() });
    assert.equal(bucket, undefined);
    assert.equal((await takenUp({})).bucket, undefined);
  });

  it("is asked for only while the stack has no outputs: what it has is never exchanged", async () => {
    const lookups = { "pulumi:pulumi:readStackOutputs": { outputs: { bucket: "mine" } } };
    const { bucket, asked } = await takenUp({ "dense-store-bucket-1": marked() }, undefined, lookups);
    assert.deepEqual([bucket, asked], [undefined, []]);
  });

  it("is not known where AWS does not let see buckets or what is in one of them", async () => {
    for (const call of ["buckets", "readJson"] as const) {
      const world = new TrainingWorld();
      world.aws.fail(call, denied("s3:ListAllMyBuckets"));
      const buckets = { "dense-store-bucket-1": marked(), "dense-store-bucket-2": marked({}, true) };
      assert.equal((await takenUp(buckets, world)).bucket, undefined);
    }
  });

  it("is not known where so many buckets are called so that each preview would be held up", async () => {
    const many = Array.from({ length: 101 }, (_, at) => [`${PREFIX}${at}`, marked({}, at > 0)]);
    const { bucket, asked } = await takenUp(Object.fromEntries(many));
    assert.deepEqual([bucket, asked], [undefined, ["buckets"]]);
  });
});
