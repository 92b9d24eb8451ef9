import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  CreateBucketCommand,
  DeleteObjectsCommand,
  ListObjectsV2Command,
  NoSuchBucket,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { syncFolder } from "../../../local/data/syncFolder.ts";

const target = { bucket: "data", prefix: "images/train/", contentType: "image/png" };

/** An S3 with one bucket in memory; lists two keys a page. */
class FakeS3 extends S3Client {
  objects: Map<string, string> | undefined;
  puts: PutObjectCommand["input"][] = [];

  constructor(keys?: Record<string, string>) {
    super({ region: "us-east-1" });
    this.objects = keys && new Map(Object.entries(keys));
  }

  // biome-ignore lint/suspicious/noExplicitAny: stands in for the many overloads of S3Client.send
  override async send(command: any): Promise<any> {
    if (command instanceof CreateBucketCommand) {
      this.objects = new Map();
      return {};
    }
    if (!this.objects) throw new NoSuchBucket({ message: "no bucket", $metadata: {} });
    if (command instanceof ListObjectsV2Command) return this.list(command.input);
    if (command instanceof PutObjectCommand) {
      this.puts.push(command.input);
      this.objects.set(command.input.Key ?? "", md5(command.input.Body as Buffer));
    } else if (command instanceof DeleteObjectsCommand) {
      for (const { Key } of command.input.Delete?.Objects ?? []) this.objects.delete(Key ?? "");
    } else {
      throw new Error(`unexpected ${command.constructor.name}`);
    }
    return {};
  }

  private list(input: ListObjectsV2Command["input"]) {
    const start = Number(input.ContinuationToken ?? 0);
    const all = [...(this.objects ?? [])].filter(([key]) => key.startsWith(input.Prefix ?? ""));
    const next = start + 2 < all.length ? String(start + 2) : undefined;
    return {
      Contents: all.slice(start, start + 2).map(([Key, etag]) => ({ Key, ETag: `"${etag}"` })),
      IsTruncated: next !== undefined,
      NextContinuationToken: next,
    };
  }
}

function md5(content: Buffer | string): string {
  return createHash("md5").update(content).digest("hex");
}

describe("syncFolder", () => {
  let dir: string;

  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "sync-"));
    for (const name of ["a", "b"]) {
      mkdirSync(path.join(dir, name));
      for (const number of [0, 1]) writeFileSync(path.join(dir, name, `${number}.png`), `${name}${number}`);
    }
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it("makes the bucket and sends every file", async () => {
    const s3 = new FakeS3();
    assert.deepEqual(await syncFolder(s3, dir, target), { sent: 4, removed: 0, unchanged: 0 });
    const expected = ["a/0", "a/1", "b/0", "b/1"].map((name) => `images/train/${name}.png`);
    assert.deepEqual([...(s3.objects?.keys() ?? [])].sort(), expected);
    const first = s3.puts.find((put) => put.Key === "images/train/a/0.png");
    assert.equal(first?.Bucket, "data");
    assert.equal(first?.ContentType, "image/png");
    assert.equal(String(first?.Body), "a0");
  });

  it("sends nothing again", async () => {
    const s3 = new FakeS3({});
    await syncFolder(s3, dir, target);
    s3.puts = [];
    assert.deepEqual(await syncFolder(s3, dir, target), { sent: 0, removed: 0, unchanged: 4 });
    assert.deepEqual(s3.puts, []);
  });

  it("sends what changed, removes what is gone, and leaves other prefixes alone", async () => {
    const s3 = new FakeS3({ "images/val/x.png": "1", "other.txt": "2" });
    await syncFolder(s3, dir, target);
    s3.puts = [];
    writeFileSync(path.join(dir, "a", "0.png"), "changed");
    unlinkSync(path.join(dir, "b", "1.png"));
    assert.deepEqual(await syncFolder(s3, dir, target), { sent: 1, removed: 1, unchanged: 2 });
    assert.deepEqual(
      s3.puts.map((put) => put.Key),
      ["images/train/a/0.png"],
    );
    assert.equal(s3.objects?.get("images/train/a/0.png"), md5("changed"));
    assert.equal(s3.objects?.has("images/train/b/1.png"), false);
    assert.equal(s3.objects?.has("images/val/x.png"), true);
    assert.equal(s3.objects?.has("other.txt"), true);
  });

  it("fails when the local S3 fails", async () => {
    const s3 = new FakeS3({});
    const send = s3.send.bind(s3);
    s3.send = async (command: unknown) => {
      if (command instanceof PutObjectCommand) throw new Error("out of space");
      return send(command);
    };
    await assert.rejects(syncFolder(s3, dir, target), /out of space/);
  });
});
