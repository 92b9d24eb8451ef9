import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { mock } from "node:test";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { ClientFault } from "../../../../../local/aws/training/faultReasons.ts";
import { CheckpointSync } from "../../../../../local/aws/training/transfer/checkpoints.ts";

/** A bucket in memory that counts what is put into it. */
class FakeS3 {
  readonly objects = new Map<string, string>();
  puts: string[] = [];
  denied = false;
  failure: Error | undefined;

  async send(command: unknown): Promise<unknown> {
    if (this.failure) throw this.failure;
    if (this.denied) {
      throw Object.assign(new Error("no"), { name: "AccessDenied", $metadata: { httpStatusCode: 403 } });
    }
    if (command instanceof ListObjectsV2Command) {
      const prefix = command.input.Prefix ?? "";
      const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix));
      return { Contents: keys.map((Key) => ({ Key })) };
    }
    if (command instanceof GetObjectCommand) {
      return { Body: Readable.from([this.objects.get(command.input.Key ?? "") ?? ""]) };
    }
    if (command instanceof DeleteObjectCommand) {
      this.objects.delete(command.input.Key ?? "");
      return {};
    }
    const { Key = "", Body } = (command as PutObjectCommand).input;
    let text = "";
    for await (const chunk of Body as AsyncIterable<Buffer>) text += chunk;
    this.objects.set(Key, text);
    this.puts.push(Key);
    return {};
  }
}

// The SDK's paginators take only what is an S3Client.
Object.setPrototypeOf(FakeS3.prototype, S3Client.prototype);

describe("checkpoints", () => {
  let dir: string;
  let s3: FakeS3;
  let notes: string[];
  const sync = (...directories: string[]) =>
    new CheckpointSync({
      s3: s3 as unknown as S3Client,
      uri: "s3://bucket/ckpt/",
      directories: directories.length > 0 ? directories : [path.join(dir, "a")],
      bases: directories.length > 0 ? directories : [dir],
      note: (line) => notes.push(line),
    });

  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "checkpoints-"));
    mkdirSync(path.join(dir, "a/deep"), { recursive: true });
    s3 = new FakeS3();
    notes = [];
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("that cannot be files together or alone are the request's fault, before anything is downloaded", async () => {
    for (const keys of [["a", "a/b"], ["n".repeat(256)]]) {
      s3.objects.clear();
      for (const key of keys) s3.objects.set(`ckpt/${key}`, "1");
      await assert.rejects(sync().restore(), (error: Error) => {
        assert.ok(error instanceof ClientFault);
        assert.match(error.message, /^Checkpoint download failed:.*s3:\/\/bucket\/ckpt\//);
        return true;
      });
    }
  });

  it("that the script replaced by a file are named", async () => {
    rmSync(path.join(dir, "a"), { recursive: true });
    writeFileSync(path.join(dir, "a"), "weights");
    await sync().push();
    assert.deepEqual(notes, ["not uploaded: a/.: not a folder"]);
  });

  it("are not lost without a word while S3 is away", async () => {
    writeFileSync(path.join(dir, "a/one"), "");
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      const away = Object.assign(new Error("connect ENOENT /s"), { code: "ENOENT", syscall: "connect" });
      s3.failure = away;
      let over = false;
      const push = sync().push();
      const told = assert.rejects(push, away).finally(() => {
        over = true;
      });
      while (!over) {
        await new Promise((resolve) => setImmediate(resolve));
        mock.timers.tick(10_000);
      }
      await told;
    } finally {
      mock.timers.reset();
    }
  });

  it("go up when they are new or changed, and only then", async () => {
    const checkpoints = sync();
    writeFileSync(path.join(dir, "a/one"), "1");
    writeFileSync(path.join(dir, "a/deep/two"), "2");
    await checkpoints.push();
    assert.deepEqual(s3.puts.sort(), ["ckpt/deep/two", "ckpt/one"]);
    await checkpoints.push();
    assert.equal(s3.puts.length, 2);
    // Replaced by rename, with the same size: how scripts write checkpoints atomically.
    writeFileSync(path.join(dir, "a/new"), "3");
    renameSync(path.join(dir, "a/new"), path.join(dir, "a/one"));
    await checkpoints.push();
    assert.deepEqual(s3.puts.slice(2), ["ckpt/one"]);
    assert.equal(s3.objects.get("ckpt/one"), "3");
  });

  it("are removed from S3 when the script removes them, those of an earlier run too", async () => {
    s3.objects.set("ckpt/old", "0");
    const checkpoints = sync();
    await checkpoints.restore();
    writeFileSync(path.join(dir, "a/one"), "1");
    await checkpoints.push();
    assert.deepEqual([...s3.objects.keys()], ["ckpt/old", "ckpt/one"]);
    rmSync(path.join(dir, "a/one"));
    rmSync(path.join(dir, "a/old"));
    await checkpoints.push();
    assert.deepEqual([...s3.objects.keys()], []);
  });

  it("stay in S3 when another host still has them, or when the role may not delete", async () => {
    const checkpoints = sync(path.join(dir, "a"), path.join(dir, "b"));
    mkdirSync(path.join(dir, "b"));
    for (const host of ["a", "b"]) writeFileSync(path.join(dir, host, "one"), "1");
    await checkpoints.push();
    rmSync(path.join(dir, "a/one"));
    await checkpoints.push();
    assert.ok(s3.objects.has("ckpt/one"));
    rmSync(path.join(dir, "b/one"));
    s3.denied = true;
    await checkpoints.push();
    assert.ok(s3.objects.has("ckpt/one"));
  });

  it("go up through links, and what cannot is named once", async () => {
    const checkpoints = sync();
    writeFileSync(path.join(dir, "a/epoch=1.ckpt"), "1");
    symlinkSync("epoch=1.ckpt", path.join(dir, "a/last.ckpt"));
    symlinkSync("/opt/ml/a/epoch=1.ckpt", path.join(dir, "a/absolute.ckpt"));
    symlinkSync("nowhere", path.join(dir, "a/broken"));
    symlinkSync("..", path.join(dir, "a/up"));
    writeFileSync(Buffer.concat([Buffer.from(path.join(dir, "a/bad-")), Buffer.of(0xff)]), "x");
    await checkpoints.push();
    await checkpoints.push();
    assert.deepEqual(s3.puts.sort(), ["ckpt/absolute.ckpt", "ckpt/epoch=1.ckpt", "ckpt/last.ckpt"]);
    assert.equal(s3.objects.get("ckpt/last.ckpt"), "1");
    assert.deepEqual(notes.sort(), [
      "not uploaded: a/bad-\ufffd: the name is not UTF-8, as the keys of S3 are",
      "not uploaded: a/broken: a link to nothing",
      "not uploaded: a/up/a: a link to a folder that it lies in",
    ]);
  });

  it("end a restore when the job is stopped", async () => {
    s3.objects.set("ckpt/old", "0");
    await assert.rejects(sync().restore(AbortSignal.abort(new Error("stopped"))), /stopped|abort/i);
  });

  it("are the same whether a directory is there yet or not", async () => {
    await sync(path.join(dir, "later")).push();
    assert.deepEqual(s3.puts, []);
  });
});

describe("checkpoints that S3 refuses", () => {
  it("are the request's fault, which ends the job with a reason", async () => {
    const dir = mkdtempSync(path.join(tmpdir(), "checkpoints-"));
    writeFileSync(path.join(dir, "one"), "1");
    const s3 = new FakeS3();
    s3.denied = true;
    const checkpoints = new CheckpointSync({
      s3: s3 as unknown as S3Client,
      uri: "s3://bucket/c",
      directories: [dir],
      bases: [dir],
      note: () => undefined,
    });
    await assert.rejects(checkpoints.push(), (error: Error) => {
      assert.ok(error instanceof ClientFault);
      assert.equal(error.message, "Checkpoint upload failed:no");
      return true;
    });
    assert.equal(readFileSync(path.join(dir, "one"), "utf8"), "1");
    rmSync(dir, { recursive: true, force: true });
  });
});
