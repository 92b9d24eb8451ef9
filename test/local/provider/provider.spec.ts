import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { HalfMade, Provider } from "../../../local/provider/provider.ts";
import { unknownValue } from "../../../local/provider/values.ts";
import { awsError, type FakeAws, fakeAws, inputsOf } from "./support/fakeAws.ts";

const bucketType = "aws:s3/bucket:Bucket";
const groupType = "aws:cloudwatch/logGroup:LogGroup";
const objectType = "aws:s3/bucketObjectv2:BucketObjectv2";
const bucketInputs = { bucket: "b-1", forceDestroy: true, region: "us-east-1", __defaults: [] };

/** A provider whose every region is the given AWS. */
function provider(aws: FakeAws, config: Record<string, unknown> = { region: "us-east-1" }) {
  const regions: string[] = [];
  const made = new Provider((_, region) => {
    regions.push(region);
    return aws;
  });
  made.configure(config);
  return { made, regions };
}

const group = { logGroupName: "g", arn: "arn:aws:logs:us-east-1:1:log-group:g:*", retentionInDays: 7 };

describe("Provider", () => {
  it("refuses a type that it does not serve at check, so that nothing is created", () => {
    const { failures } = provider(fakeAws()).made.check("aws:sqs/queue:Queue", {
      name: "q",
      olds: {},
      news: {},
    });
    assert.match(failures[0].reason, /aws:sqs\/queue:Queue is not among them/);
  });

  it("previews a create: the inputs are known, what AWS decides is not", () => {
    const outputs = provider(fakeAws()).made.previewCreate(bucketType, {
      ...bucketInputs,
      tags: { a: "1" },
      tagsAll: { a: "1" },
    });
    assert.equal(outputs.bucket, "b-1");
    assert.equal(outputs.arn, unknownValue);
    assert.deepEqual(outputs.tagsAll, { a: "1" });
    assert.equal(outputs.policy, unknownValue);
    assert.equal(outputs.id, unknownValue);
    assert.equal("__defaults" in outputs, false);
  });

  it("previews an update: what stays is known, so that nothing else changes with it", () => {
    const olds = { bucket: "b", key: "k", content: "1", tags: { a: "1" }, tagsAll: { a: "1" } };
    const computed = { id: "b/k", arn: "arn:o", etag: "e1", versionId: "v1", storageClass: "STANDARD" };
    const outputs = { ...olds, ...computed, cacheControl: "" };
    const preview = (news: object) =>
      provider(fakeAws()).made.previewUpdate(objectType, olds, outputs, { ...news });
    const tags = { tags: { a: "2" }, tagsAll: { a: "2" } };
    const retagged = preview({ ...olds, ...tags });
    const told = Object.entries(retagged).filter(([, value]) => value !== null && value !== "");
    assert.deepEqual(Object.fromEntries(told), { ...olds, ...computed, ...tags });
    const rewritten = preview({ bucket: "b", key: "k", content: "2", tagsAll: {} });
    assert.equal(rewritten.etag, unknownValue);
    assert.equal(rewritten.versionId, unknownValue);
    assert.equal(rewritten.arn, "arn:o");
    assert.deepEqual([rewritten.tags, rewritten.tagsAll], [null, {}]);
  });

  it("creates, sets up, and reports what AWS then has", async () => {
    const aws = fakeAws({ "logs.describeLogGroups": { logGroups: [group] }, "logs.listTagsForResource": {} });
    const inputs = { name: "g", retentionInDays: 7, skipDestroy: false, region: "us-east-1", __defaults: [] };
    const { id, outputs } = await provider(aws).made.create(groupType, "x", inputs);
    assert.equal(id, "g");
    assert.equal(outputs.arn, "arn:aws:logs:us-east-1:1:log-group:g");
    assert.equal(outputs.skipDestroy, false);
    assert.deepEqual(
      aws.calls.map((call) => call.operation),
      [
        "sts.getCallerIdentity", // when it was configured
        "logs.createLogGroup",
        "logs.putRetentionPolicy",
        "logs.describeLogGroups",
        "logs.listTagsForResource",
      ],
    );
  });

  it("keeps what was made in the state when setting it up fails, and goes on there the next time", async () => {
    const refuse = { "logs.putRetentionPolicy": awsError("InvalidParameterException", "8 days?") };
    const inputs = { name: "g", retentionInDays: 8, skipDestroy: false, region: "us-east-1" };
    const failed = provider(fakeAws(refuse)).made.create(groupType, "the group", inputs);
    await assert.rejects(failed, (error: unknown) => {
      assert.ok(error instanceof HalfMade);
      assert.equal(error.id, "g");
      assert.deepEqual(error.outputs, inputs);
      assert.match(error.message, /^the group: 8 days\?/);
      return true;
    });

    const aws = fakeAws({ "logs.describeLogGroups": { logGroups: [group] } });
    await provider(aws).made.update(groupType, "the group", "g", inputs, inputs);
    assert.deepEqual(inputsOf(aws, "logs.putRetentionPolicy"), [{ logGroupName: "g", retentionInDays: 8 }]);
  });

  it("leaves nothing in the state when the creating call fails", async () => {
    const aws = fakeAws({ "logs.createLogGroup": awsError("ResourceAlreadyExistsException") });
    const failed = provider(aws).made.create(groupType, "the group", { name: "g", retentionInDays: 0 });
    await assert.rejects(failed, (error: unknown) => !(error instanceof HalfMade));
  });

  it("reads a resource that is gone as gone", async () => {
    const aws = fakeAws({ "s3.headBucket": awsError("NotFound") });
    assert.equal(
      await provider(aws).made.read(bucketType, "x", "b-1", bucketInputs, bucketInputs),
      undefined,
    );
  });

  it("goes to the resource's own region, and otherwise to the provider's", async () => {
    const { made, regions } = provider(fakeAws({ "s3.headBucket": awsError("NotFound") }));
    await made.read(bucketType, "x", "b", { ...bucketInputs, region: "eu-west-1" }, {});
    await made.read(bucketType, "x", "b", {}, {});
    await made.read(bucketType, "x", "b", {}, { region: "eu-west-1" });
    assert.deepEqual(regions, ["us-east-1", "eu-west-1"]);
  });

  it("asks once whose the credentials are, and again where AWS did not answer", async () => {
    const whose = { Account: "1", Arn: "arn:aws:iam::1:user/u", UserId: "u" };
    const asked = async (answer: unknown) => {
      const aws = fakeAws({ "sts.getCallerIdentity": answer });
      const { made } = provider(aws);
      await setImmediate();
      const ask = () =>
        made.invoke("aws:index/getCallerIdentity:getCallerIdentity", {}).catch(() => undefined);
      const accounts = [await ask(), await ask()].map((each) => each?.accountId);
      return [...accounts, aws.calls.length];
    };
    assert.deepEqual(await asked(whose), ["1", "1", 1]);
    assert.deepEqual(await asked(awsError("InvalidClientTokenId")), [undefined, undefined, 3]);
  });

  it("asks for a region when there is none", async () => {
    const made = new Provider(() => fakeAws());
    await assert.rejects(
      made.invoke("aws:index/getRegion:getRegion", {}),
      /pulumi config set aws:region us-east-1/,
    );
  });
});
