import assert from "node:assert/strict";
import { mock } from "node:test";
import { ObjectDeniedError } from "../../../../components/trainingJob/aws/denied";
import { isTransient } from "../../../../components/trainingJob/aws/retries";
import { awsError, expired } from "../../support/awsErrors";
import { failureOf } from "../../support/failure";
import { apiOver, type Input } from "../../support/sdkAnswers";

describe("objects of awsApi", () => {
  it("exist or not, also in a bucket that does not", async () => {
    const { api } = apiOver({
      HeadObject: [{}, awsError("NotFound"), awsError("NoSuchBucket"), expired()],
    });
    assert.equal(await api.objectExists("s3://bucket/key"), true);
    assert.equal(await api.objectExists("s3://bucket/key"), false);
    assert.equal(await api.objectExists("s3://bucket/key"), false);
    assert.equal((await failureOf(api.objectExists("s3://bucket/key"))).name, "ExpiredTokenException");
  });

  it("may be hidden from whoever asks, which says nothing of whether they exist", async () => {
    const { api } = apiOver({ HeadObject: awsError("Unknown", "UnknownError", 403) });
    const error = await failureOf<ObjectDeniedError>(api.objectExists("s3://bucket/key"));
    assert.ok(error instanceof ObjectDeniedError);
    assert.equal(error.uri, "s3://bucket/key");
    assert.match(error.message, /^S3 does not let you see s3:\/\/bucket\/key \(403/);
  });

  it("are listed up to a number, with no more calls than that takes", async () => {
    const page = { Contents: [{ Key: "p/1" }], IsTruncated: true, NextContinuationToken: "more" };
    const { api, sent } = apiOver({ ListObjectsV2: page });
    assert.equal((await api.listObjects("s3://bucket/p/", 1)).length, 1);
    assert.deepEqual(
      sent.map(({ input }) => input.MaxKeys),
      [1],
    );
  });

  it("are listed over all pages", async () => {
    const { api, sent } = apiOver({
      ListObjectsV2: [
        { Contents: [{ Key: "p/1", ETag: '"a"' }], IsTruncated: true, NextContinuationToken: "more" },
        { Contents: [{ Key: "p/2", ETag: '"b"' }] },
      ],
    });
    assert.deepEqual(await api.listObjects("s3://bucket/p/"), [
      { key: "p/1", etag: '"a"' },
      { key: "p/2", etag: '"b"' },
    ]);
    assert.equal(sent[0].input.Bucket, "bucket");
    assert.equal(sent[0].input.Prefix, "p/");
    assert.equal(sent[1].input.ContinuationToken, "more");
  });

  it("are there or not, which is asked once, and throws what S3 says beside a missing bucket", async () => {
    const prefix = "s3://bucket/p/";
    const there = apiOver({ ListObjectsV2: { Contents: [{ Key: "p/1" }] } });
    assert.equal(await there.api.hasObjects(prefix), true);
    assert.equal(there.sent[0].input.MaxKeys, 1);
    assert.equal(await apiOver({ ListObjectsV2: {} }).api.hasObjects(prefix), false);
    assert.equal(await apiOver({ ListObjectsV2: awsError("NoSuchBucket") }).api.hasObjects(prefix), false);
    const busy = apiOver({ ListObjectsV2: awsError("SlowDown") });
    await assert.rejects(busy.api.hasObjects(prefix), { name: "SlowDown" });
    assert.equal(busy.sent.length, 1);
  });

  it("are none in a bucket that is gone", async () => {
    const { api, sent } = apiOver({ ListObjectsV2: awsError("NoSuchBucket") });
    assert.deepEqual(await api.listObjects("s3://bucket/p/"), []);
    await api.removeObjects("s3://bucket/p/");
    assert.deepEqual(
      sent.map(({ command }) => command),
      ["ListObjectsV2", "ListObjectsV2"],
    );
  });

  it("are written as JSON, with a key of KMS where there is one", async () => {
    const { api, sent } = apiOver({ PutObject: [{}, {}] });
    await api.putJson("s3://bucket/a/run.json", "{}");
    await api.putJson("s3://bucket/a/run.json", "{}", "key");
    const common = { Bucket: "bucket", Key: "a/run.json", Body: "{}", ContentType: "application/json" };
    assert.deepEqual(
      sent.map(({ input }) => input),
      [common, { ...common, ServerSideEncryption: "aws:kms", SSEKMSKeyId: "key" }],
    );
  });

  it("are read as they are, which is tried once; one that is not there is none", async () => {
    const Body = { transformToString: async () => "{}" };
    const { api, sent } = apiOver({
      GetObject: [{ Body }, awsError("NoSuchKey"), awsError("NoSuchBucket"), awsError("SlowDown")],
    });
    assert.equal(await api.readJson("s3://bucket/a.json"), "{}");
    assert.equal(await api.readJson("s3://bucket/a.json"), undefined);
    assert.equal(await api.readJson("s3://bucket/a.json"), undefined);
    await assert.rejects(api.readJson("s3://bucket/a.json"), { name: "SlowDown" });
    assert.equal(sent.length, 4);
  });

  it("are looked at for 5 seconds: an S3 that does not answer may do so the next time", async () => {
    const soon = mock.method(AbortSignal, "timeout", () => AbortSignal.abort());
    try {
      const { api } = apiOver({ GetObject: awsError("AbortError"), ListBuckets: awsError("AbortError") });
      for (const look of [() => api.readJson("s3://bucket/a.json"), () => api.buckets("dense")]) {
        const error = await failureOf(look());
        assert.deepEqual([error.message, isTransient(error)], ["S3 did not answer within 5 s", true]);
      }
      assert.deepEqual(soon.mock.calls[0].arguments, [5000]);
    } finally {
      soon.mock.restore();
    }
  });

  it("are in buckets, of which those of one region are listed that begin so, over all pages", async () => {
    const Buckets = [{ Name: "dense-store-1" }, { Name: "other" }];
    const { api, sent } = apiOver({
      ListBuckets: [{ Buckets, ContinuationToken: "more" }, { Buckets: [{ Name: "dense-store-2" }] }],
    });
    assert.deepEqual(await api.buckets("dense-store-"), ["dense-store-1", "dense-store-2"]);
    assert.deepEqual([sent[0].input.Prefix, sent[0].input.BucketRegion], ["dense-store-", "us-east-1"]);
    assert.equal(sent[1].input.ContinuationToken, "more");
  });

  it("are removed by the thousand", async () => {
    const Contents = Array.from({ length: 2500 }, (_, index) => ({ Key: `p/${index}` }));
    const { api, sent } = apiOver({ ListObjectsV2: { Contents } });
    await api.removeObjects("s3://bucket/p/");
    const removed = sent.slice(1).map(({ input }) => (input.Delete as { Objects: Input[] }).Objects);
    assert.deepEqual(
      removed.map((each) => each.length),
      [1000, 1000, 500],
    );
    assert.deepEqual(removed.flat(), Contents);
  });

  it("that could not be removed are named", async () => {
    const { api } = apiOver({
      ListObjectsV2: { Contents: [{ Key: "p/1" }, { Key: "p/2" }] },
      DeleteObjects: { Errors: [{ Key: "p/2", Code: "AccessDenied", Message: "Access Denied" }] },
    });
    assert.equal(
      (await failureOf(api.removeObjects("s3://bucket/p/"))).message,
      "1 objects under s3://bucket/p/ are left, such as p/2: AccessDenied: Access Denied",
    );
  });
});
