import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { type Kept, keptBucket, leftBehind, storeOwner, strayBuckets } from "../../components/keptBucket";
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
  { preview = false } = {},
) {
  for (const [bucket, json] of Object.entries(buckets)) aws.documents.set(storeMarkUri(bucket), json);
  let found: Promise<Kept> | undefined;
  const { calls } = await runProgram(
    () => {
      const row = new pulumi.ComponentResource("test:index:Row", "row");
      const here = () => ({ name: "us-east-1", api: aws });
      found = keptBucket(storeOwner("dense-store"), PREFIX, row, here, { retries: 2, minTimeout: 0 });
      found.catch(() => undefined); // it is for the test to see
    },
    { lookups, preview },
  );
  return { ...(await found), calls, asked: aws.calls.map(({ name }) => name) };
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

  it("is none where a bucket says that the stack has it: the first deployment did not come to its end", async () => {
    const buckets = { "dense-store-bucket-1": marked(), "dense-store-bucket-2": marked({}, true) };
    const { bucket, inUse } = await takenUp(buckets);
    assert.deepEqual([bucket, inUse], [undefined, ["dense-store-bucket-2"]]);
    // Nor is there a choice to make.
    const more = await takenUp({ ...buckets, "dense-store-bucket-3": marked() });
    assert.deepEqual([more.bucket, more.inUse], [undefined, ["dense-store-bucket-2"]]);
  });

  it("is found among buckets of others that may not be read", async () => {
    const world = new TrainingWorld();
    world.aws.fail("readJson", denied("s3:GetObject"));
    const { bucket } = await takenUp(
      { "dense-store-bucket-1": "{}", "dense-store-bucket-2": marked() },
      world,
    );
    assert.equal(bucket, "dense-store-bucket-2");
  });

  const slowDown = () => Object.assign(new Error("slow down"), { name: "SlowDown" });

  it("is found by an S3 that answers after a while", async () => {
    for (const call of ["buckets", "readJson"] as const) {
      const world = new TrainingWorld();
      world.aws.fail(call, slowDown(), 2);
      const { bucket } = await takenUp({ "dense-store-bucket-2": marked() }, world);
      assert.equal(bucket, "dense-store-bucket-2");
    }
  });

  it("is not known where S3 does not answer, which ends a deployment and no preview: the one that was to be read may be the stack's own", async () => {
    const there = { "dense-store-bucket-1": "{}", "dense-store-bucket-2": marked() };
    const world = () => {
      const made = new TrainingWorld();
      made.aws.fail("readJson", slowDown(), 20);
      return made;
    };
    await assert.rejects(takenUp(there, world()), {
      message:
        /^Whether .* kept a bucket is not known \(slow down\), and a new one would take its place\.\nNext: `pulumi up` once more; `pulumi config set/,
    });
    const { bucket } = await takenUp(there, world(), NEW, { preview: true });
    assert.equal(bucket, undefined);
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

describe("strayBuckets", () => {
  it("names a bucket that a stack of this name has and this one has not", () => {
    assert.equal(strayBuckets([], "mine"), undefined);
    assert.equal(strayBuckets(["mine"], "mine"), undefined);
    assert.match(
      strayBuckets(["mine", "lost"], "mine") ?? "",
      /The bucket lost .*config set training:bucketName lost$/,
    );
  });
});

describe("a bucket that a destroy kept which did not come to its end", () => {
  const leftOf = (json: string | undefined, world = new TrainingWorld()) => {
    if (json !== undefined) world.aws.documents.set(storeMarkUri("b"), json);
    return leftBehind(OWNER, "b", () => ({ name: "us-east-1", api: world.aws }));
  };

  it("is what the outputs still name", async () => {
    const deployed = (outputs: object) => ({ "pulumi:pulumi:readStackOutputs": { outputs } });
    const { had, bucket } = await takenUp(
      { "dense-store-bucket-1": marked() },
      undefined,
      deployed({ bucket: "b" }),
    );
    assert.deepEqual([had, bucket], ["b", undefined]);
    assert.equal((await takenUp({}, undefined, deployed({ cost: 1 }))).had, undefined);
  });

  it("is told of with the way back to it, and no other is", async () => {
    const text = (await leftOf(marked())) ?? "";
    assert.match(text, /^The bucket b of this stack was kept by a destroy that did not come to its end/);
    assert.match(text, /\nNext: `pulumi destroy` once more.*pulumi config set training:bucketName b$/);
    for (const json of [marked({}, true), marked({ stack: "prod" }), undefined, "not JSON"])
      assert.equal(await leftOf(json), undefined);
    const world = new TrainingWorld();
    world.aws.fail("readJson", denied("s3:GetObject"));
    assert.equal(await leftOf(marked(), world), undefined);
  });
});
