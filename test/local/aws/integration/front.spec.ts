import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { HeadObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import {
  CreateTrainingJobCommand,
  ListTrainingJobsCommand,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { bucket, request, TestAws } from "./testAws.ts";

const megabyte = 1024 * 1024;

describe("the front of the local AWS", function () {
  this.timeout(120_000);
  let aws: TestAws;

  before(async () => {
    aws = await TestAws.start();
  });
  afterEach(async () => {
    await aws.setFaults({});
  });
  after(async () => {
    await aws.remove();
  });

  it("passes 100 MB in and out unchanged", async () => {
    const block = randomBytes(megabyte);
    const sent = createHash("sha256");
    const body = Readable.from(
      (function* () {
        for (let i = 0; i < 100; i++) {
          sent.update(block);
          yield block;
        }
      })(),
      { objectMode: false },
    );
    await aws.s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: "big", Body: body, ContentLength: 100 * megabyte }),
    );
    const head = await aws.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: "big" }));
    assert.equal(head.ContentLength, 100 * megabyte);
    const received = createHash("sha256")
      .update(await aws.get("big"))
      .digest("hex");
    assert.equal(received, sent.digest("hex"));
  });

  it("takes 50 uploads at once", async () => {
    const body = randomBytes(2 * megabyte);
    const keys = Array.from({ length: 50 }, (_, index) => `many/${index}`);
    await Promise.all(
      keys.map((Key) => aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: body }))),
    );
    const listed = await aws.s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: "many/" }));
    assert.equal(listed.KeyCount, 50);
    assert.ok(listed.Contents?.every((object) => object.Size === body.length));
  });

  it("keeps nothing of an upload that is broken off", async () => {
    const body = new Readable({ read: () => undefined });
    body.push(randomBytes(megabyte));
    const put = new PutObjectCommand({
      Bucket: bucket,
      Key: "half",
      Body: body,
      ContentLength: 10 * megabyte,
    });
    const controller = new AbortController();
    const sent = aws.s3.send(put, { abortSignal: controller.signal });
    await new Promise((resolve) => setTimeout(resolve, 200));
    controller.abort();
    await assert.rejects(sent, { name: "AbortError" });
    await new Promise((resolve) => setTimeout(resolve, 200));
    await assert.rejects(aws.get("half"), { name: "NoSuchKey" });
  });

  it("listens on the loopback address only", async () => {
    const socket = connect({ host: "127.0.0.2", port: aws.running.port });
    const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
    assert.equal(error.code, "ECONNREFUSED");
  });

  it("answers health", async () => {
    const { pid, stateDir, runningJobs } = await aws.control("GET", "health");
    assert.deepEqual([pid, stateDir, runningJobs], [aws.running.pid, aws.stateDir, 0]);
  });

  describe("faults", () => {
    const client = () =>
      new SageMakerClient({
        endpoint: aws.running.endpoint,
        region: "us-east-1",
        credentials: aws.running.credentials,
        maxAttempts: 1,
      });
    const list = () => client().send(new ListTrainingJobsCommand({}));

    it("answers as a throttled, an overloaded and an expired service does", async () => {
      await aws.setFaults({ api: [{ probability: 1 }] });
      await assert.rejects(list(), { name: "ThrottlingException", message: "Rate exceeded" });
      await aws.setFaults({ api: [{ probability: 1, errors: ["ServiceUnavailable"] }] });
      await assert.rejects(list(), (error: Error & { $metadata?: { httpStatusCode?: number } }) => {
        return error.name === "ServiceUnavailable" && error.$metadata?.httpStatusCode === 503;
      });
      await aws.setFaults({ api: [{ probability: 1, errors: ["ExpiredTokenException"] }] });
      await assert.rejects(list(), { name: "ExpiredTokenException" });
      await aws.setFaults({ api: [{ probability: 1, errors: ["reset"] }] });
      await assert.rejects(list(), { code: "ECONNRESET" });
    });

    it("loses the answer to a call that was carried out", async () => {
      await aws.setFaults({
        api: [{ probability: 1, errors: ["lost"], operations: ["CreateTrainingJob"], times: 1 }],
      });
      await assert.rejects(client().send(new CreateTrainingJobCommand(request("lost"))), {
        code: "ECONNRESET",
      });
      await assert.rejects(client().send(new CreateTrainingJobCommand(request("lost"))), {
        name: "ResourceInUse",
      });
    });

    it("throttles S3 in S3's own words", async () => {
      await aws.setFaults({ api: [{ probability: 1, services: ["s3"], times: 1 }] });
      const answer = await aws.s3.send(new ListObjectsV2Command({ Bucket: bucket }));
      assert.equal(answer.$metadata.attempts, 2);
    });

    it("refuses faults that it does not know", async () => {
      await assert.rejects(aws.setFaults({ jobs: [{ nome: "x" }] }), /Unrecognized key: \\"nome\\"/);
    });

    it("counts the calls", async () => {
      const before = (await aws.control("GET", "calls")).ListTrainingJobs as number;
      await list();
      assert.equal((await aws.control("GET", "calls")).ListTrainingJobs, before + 1);
    });
  });
});
