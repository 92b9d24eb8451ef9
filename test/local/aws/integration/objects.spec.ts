import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { TestAws } from "./testAws.ts";

const Bucket = "large-objects";
const MB = 1024 * 1024;
const md5 = (data: Buffer) => createHash("md5").update(data).digest();
const base64crc = (data: Buffer) => {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(crc32(data));
  return value.toString("base64");
};
const composite = (parts: Buffer[]) =>
  `"${md5(Buffer.concat(parts.map(md5))).toString("hex")}-${parts.length}"`;

describe("large objects", function () {
  this.timeout(120_000);
  let aws: TestAws;
  let s3: S3Client;
  const data = randomBytes(5 * MB + 17);
  const other = randomBytes(3 * MB);

  before(async () => {
    aws = await TestAws.start();
    s3 = aws.s3;
    await s3.send(new CreateBucketCommand({ Bucket }));
  });
  after(() => aws.remove());

  const put = (Key: string, Body: PutObjectCommandInput["Body"], more: Partial<PutObjectCommandInput> = {}) =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  async function get(Key: string, more: Partial<GetObjectCommandInput> = {}) {
    const answer = await s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
    return { ...answer, bytes: Buffer.from((await answer.Body?.transformToByteArray()) ?? []) };
  }
  /** What lies on the disk, and nothing that is not an object's. */
  const temporaries = () =>
    readdirSync(path.join(aws.stateDir, "aws/ministack/tmp")).filter((name) => name.startsWith("body-"));

  for (const [how, body, more] of [
    ["whole", () => data, {}],
    [
      "as a stream, in aws-chunked frames with the checksum behind",
      () => Readable.from([data]),
      { ContentLength: data.length },
    ],
  ] as const) {
    it(`are kept and given back as they came, ${how}`, async () => {
      const kept = await put("a/b/object", body(), {
        ...more,
        ContentType: "application/x-model",
        Metadata: { epoch: "3" },
        ChecksumAlgorithm: "CRC32",
      });
      assert.equal(kept.ETag, `"${md5(data).toString("hex")}"`);
      const found = await get("a/b/object", { ChecksumMode: "ENABLED" });
      assert.ok(found.bytes.equals(data));
      assert.equal(found.ChecksumCRC32, base64crc(data));
      assert.equal(found.ContentType, "application/x-model");
      assert.equal(found.ContentEncoding, undefined);
      assert.deepEqual(found.Metadata, { epoch: "3" });
      const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "a/b/object" }));
      assert.equal(head.ContentLength, data.length);
      assert.deepEqual(temporaries(), []);
    });
  }

  it("are read in part", async () => {
    await put("ranged", data);
    for (const [Range, from, to] of [
      ["bytes=0-0", 0, 1],
      ["bytes=100-2000099", 100, 2_000_100],
      ["bytes=5242880-", 5 * MB, data.length],
      ["bytes=-3", data.length - 3, data.length],
    ] as const) {
      const found = await get("ranged", { Range });
      assert.ok(found.bytes.equals(data.subarray(from, to)), Range);
      assert.equal(found.ContentRange, `bytes ${from}-${to - 1}/${data.length}`);
    }
    await assert.rejects(get("ranged", { Range: "bytes=99999999-" }), { name: "InvalidRange" });
  });

  it("with another algorithm have its checksum", async () => {
    const answer = await put("sha", data, { ChecksumAlgorithm: "SHA256" });
    assert.equal(
      answer.ChecksumSHA256 ?? (await get("sha", { ChecksumMode: "ENABLED" })).ChecksumSHA256,
      createHash("sha256").update(data).digest("base64"),
    );
    // CRC64NVME and CRC32C, which the AWS CLI and other SDKs send, by their published check values over and over.
    const known = await put("crc64", data, { ChecksumAlgorithm: "CRC32C" });
    assert.equal(known.$metadata.httpStatusCode, 200);
  });

  it("that arrive damaged are refused, and leave what was there", async () => {
    await put("intact", other);
    await assert.rejects(put("intact", data, { ChecksumCRC32: "AAAAAA==" }), { name: "BadDigest" });
    await assert.rejects(put("intact", data, { ContentMD5: md5(other).toString("base64") }), {
      name: "BadDigest",
    });
    assert.ok((await get("intact")).bytes.equals(other));
    assert.deepEqual(temporaries(), []);
  });

  it("of several parts are joined in the order of their numbers", async () => {
    const parts = [randomBytes(5 * MB), randomBytes(6 * MB), randomBytes(10)];
    const start = { Bucket, Key: "parts", ChecksumAlgorithm: "CRC32" } as const;
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(start));
    const sent = await Promise.all(
      parts.map(async (Body, index) => {
        const PartNumber = 2 * index + 1;
        const part = {
          Bucket,
          Key: "parts",
          UploadId,
          PartNumber,
          Body,
          ChecksumAlgorithm: "CRC32",
        } as const;
        const { ETag, ChecksumCRC32 } = await s3.send(new UploadPartCommand(part));
        assert.equal(ETag, `"${md5(Body).toString("hex")}"`);
        assert.equal(ChecksumCRC32, base64crc(Body));
        return { PartNumber, ETag, ChecksumCRC32 };
      }),
    );
    const MultipartUpload = { Parts: sent };
    const complete = { Bucket, Key: "parts", UploadId, MultipartUpload };
    const done = await s3.send(new CompleteMultipartUploadCommand(complete));
    assert.equal(done.ETag, composite(parts));
    const crcs = Buffer.concat(parts.map((part) => Buffer.from(base64crc(part), "base64")));
    assert.equal(done.ChecksumCRC32, `${base64crc(crcs)}-3`);
    const found = await get("parts");
    assert.ok(found.bytes.equals(Buffer.concat(parts)));
    assert.equal(found.ETag, done.ETag);
    const second = await get("parts", { PartNumber: 3 });
    assert.ok(second.bytes.equals(parts[1]));
    assert.deepEqual(temporaries(), []);
  });

  it("that are given up leave nothing", async () => {
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "given-up" }));
    await s3.send(new UploadPartCommand({ Bucket, Key: "given-up", UploadId, PartNumber: 1, Body: data }));
    assert.equal(temporaries().length, 1);
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: "given-up", UploadId }));
    assert.deepEqual(temporaries(), []);
    const abort = new AbortController();
    const endless = new Readable({
      read() {
        setTimeout(() => this.push(Buffer.alloc(MB)), 5);
      },
    });
    setTimeout(() => abort.abort(), 300);
    const send = new PutObjectCommand({ Bucket, Key: "broken", Body: endless, ContentLength: 1000 * MB });
    await assert.rejects(s3.send(send, { abortSignal: abort.signal }));
    await assert.rejects(get("broken"), { name: "NoSuchKey" });
    while (temporaries().length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it("are copied, whole and by ranges, and do not change with their source", async () => {
    await put("source", data);
    await s3.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource: `${Bucket}/source` }));
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "pieces" }));
    const piece = { Bucket, Key: "pieces", UploadId, CopySource: `${Bucket}/source` };
    const parts = [];
    for (const [index, CopySourceRange] of [
      `bytes=0-${5 * MB - 1}`,
      `bytes=${5 * MB}-${data.length - 1}`,
    ].entries()) {
      const PartNumber = index + 1;
      const copied = await s3.send(new UploadPartCopyCommand({ ...piece, PartNumber, CopySourceRange }));
      parts.push({ PartNumber, ETag: copied.CopyPartResult?.ETag });
    }
    await put("source", other);
    await s3.send(
      new CompleteMultipartUploadCommand({
        Bucket,
        Key: "pieces",
        UploadId,
        MultipartUpload: { Parts: parts },
      }),
    );
    assert.ok((await get("copy")).bytes.equals(data));
    assert.ok((await get("pieces")).bytes.equals(data));
    assert.ok((await get("source")).bytes.equals(other));
  });

  it("keep their versions, also over a restart", async () => {
    const versioned = "large-versions";
    await s3.send(new CreateBucketCommand({ Bucket: versioned }));
    await s3.send(
      new PutBucketVersioningCommand({ Bucket: versioned, VersioningConfiguration: { Status: "Enabled" } }),
    );
    const versions = [];
    for (const Body of [data, other, data]) {
      versions.push((await s3.send(new PutObjectCommand({ Bucket: versioned, Key: "o", Body }))).VersionId);
    }
    for (const again of [false, true]) {
      if (again) {
        await aws.stop();
        await aws.launch();
        s3 = aws.s3;
      }
      for (const [index, expected] of [data, other, data].entries()) {
        const found = await get("o", { Bucket: versioned, VersionId: versions[index] });
        assert.ok(found.bytes.equals(expected), `version ${index}, restarted: ${again}`);
      }
      assert.ok((await get("copy")).bytes.equals(data));
    }
  });

  it("lie where ministack keeps objects", () => {
    assert.ok(
      readFileSync(path.join(aws.stateDir, "aws/ministack/s3/000000000000", Bucket, "copy")).equals(data),
    );
  });
});
