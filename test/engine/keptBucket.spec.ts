import { strict as assert } from "node:assert";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketTaggingCommand,
  GetObjectCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { TestStack } from "./support/stack";

describe("the bucket that a destroy keeps", function () {
  this.timeout(600_000);
  let stack: TestStack;
  afterEach(() => stack.dispose());

  const mark = { Key: "stack.json" };
  const markIn = async (Bucket: string): Promise<Record<string, unknown>> => {
    const { Body } = await stack.s3.send(new GetObjectCommand({ Bucket, ...mark }));
    return JSON.parse((await Body?.transformToString()) ?? "");
  };

  it("is taken up by the next deployment of the stack, in place of no other and only when it is the only one", async () => {
    stack = await TestStack.create("kept-bucket", {
      config: { "training:hyperparameters": { wrong: 1 }, "training:deletePolicy": undefined },
    });
    const failed = await stack.up();
    assert.notEqual(failed.code, 0, failed.output);
    const made = (await stack.state()).deployment.resources.find(
      ({ type }) => type === "aws:s3/bucket:Bucket",
    );
    const bucket = String(made?.id);
    const { time: _time, ...told } = await markIn(bucket);
    const owner = { organization: "organization", project: "training", stack: "test" };
    const store = { ...owner, store: "kept-bucket-store", region: "us-east-1" };
    assert.deepEqual(told, { ...store, inUse: true });

    // One of the same stack that nobody has, and one that another has: a stack that has a bucket exchanges it for none.
    const [Bucket, stray] = ["kept-bucket-store-bucket-0000000", "kept-bucket-store-bucket-1111111"];
    for (const [each, inUse] of [
      [Bucket, false],
      [stray, true],
    ] as const) {
      await stack.s3.send(new CreateBucketCommand({ Bucket: each }));
      const Body = JSON.stringify({ ...store, inUse });
      await stack.s3.send(new PutObjectCommand({ Bucket: each, ...mark, Body }));
    }
    const remove = async (each: string) => {
      await stack.s3.send(new DeleteObjectCommand({ Bucket: each, ...mark }));
      await stack.s3.send(new DeleteBucketCommand({ Bucket: each }));
    };
    await stack.ok(["config", "rm", "--path", "training:hyperparameters.wrong"]);
    const first = await stack.up();
    assert.equal(first.code, 0, first.output);
    assert.doesNotMatch(first.output, /is not known|[Tt]aken up/);
    assert.equal((await stack.outputs()).bucket, bucket);
    assert.ok(first.output.includes(`The bucket ${stray} says that it is in use by a stack of this name`));
    await remove(stray);
    const same = await stack.run(["preview", "--expect-no-changes"]);
    assert.equal(same.code, 0, same.output);

    const destroyed = await stack.run(["destroy", "--yes", "--skip-preview"]);
    assert.equal(destroyed.code, 0, destroyed.output);
    assert.ok(destroyed.output.includes(`The bucket ${bucket} is kept: the next`), destroyed.output);
    assert.equal((await markIn(bucket)).inUse, false);

    // Two of them: which is meant, only the user knows.
    const unsure = await stack.run(["preview"]);
    assert.equal(unsure.code, 0, unsure.output);
    assert.match(unsure.output, /warning: Destroys of this stack kept several buckets: /);
    assert.ok(unsure.output.includes(bucket) && unsure.output.includes(Bucket), unsure.output);
    assert.match(unsure.output, /aws:s3:Bucket \S+ create/);
    await remove(Bucket);

    // With other tags than it had.
    await stack.ok(["config", "set", "--path", "training:tags.team", "imaging"]);
    const preview = await stack.run(["preview"]);
    assert.equal(preview.code, 0, preview.output);
    assert.ok(preview.output.includes(`Taken up again: the bucket ${bucket}`), preview.output);
    assert.match(preview.output, /aws:s3:Bucket \S+ import/);
    const again = await stack.up();
    assert.equal(again.code, 0, again.output);
    assert.equal((await stack.outputs()).bucket, bucket, again.output);
    assert.equal((await markIn(bucket)).inUse, true);
    const { TagSet } = await stack.s3.send(new GetBucketTaggingCommand({ Bucket: bucket }));
    assert.deepEqual(
      TagSet?.filter(({ Key }) => Key === "team").map(({ Value }) => Value),
      ["imaging"],
    );
    const settled = await stack.run(["preview", "--expect-no-changes"]);
    assert.equal(settled.code, 0, settled.output);

    // A destroy that ends half way, with the bucket out of the state: no other one is made in its place.
    const { urn } = (await stack.state()).deployment.resources.find(({ id }) => id === bucket) ?? { urn: "" };
    await stack.ok(["destroy", "--yes", "--skip-preview", "--target", urn, "--target-dependents"]);
    assert.equal((await markIn(bucket)).inUse, false, "kept once more");
    const half = await stack.run(["preview"]);
    assert.notEqual(half.code, 0, half.output);
    assert.ok(half.output.includes(`The bucket ${bucket} of this stack was kept by a destroy`), half.output);
    await stack.ok(["destroy", "--yes", "--skip-preview"]);
    const whole = await stack.run(["preview"]);
    assert.equal(whole.code, 0, whole.output);
    assert.ok(whole.output.includes(`Taken up again: the bucket ${bucket}`), whole.output);
  });
});
