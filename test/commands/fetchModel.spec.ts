import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { S3Client } from "@aws-sdk/client-s3";
import * as tar from "tar";
import { fetchModel } from "../../commands/fetchModel";
import { isSetupError } from "./support";

/** S3 with these objects, listed one at a time. */
function s3With(objects: Record<string, string | Buffer | Readable>): S3Client {
  const s3 = new S3Client({ region: "us-east-1" });
  s3.send = (async ({ input }: { input: Record<string, string | undefined> }) => {
    if (input.Key !== undefined) {
      const body = objects[input.Key];
      return { Body: body instanceof Readable ? body : Readable.from([Buffer.from(body)]) };
    }
    const keys = Object.keys(objects).filter((key) => key.startsWith(input.Prefix ?? ""));
    const at = Number(input.ContinuationToken ?? 0);
    const more = at + 1 < keys.length;
    return {
      Contents: keys.slice(at, at + 1).map((Key) => ({ Key })),
      IsTruncated: more,
      NextContinuationToken: more ? String(at + 1) : undefined,
    };
  }) as unknown as S3Client["send"];
  return s3;
}

describe("a model that is fetched", () => {
  let dir: string;
  let out: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "training-fetch-"));
    out = path.join(dir, "out");
  });
  afterEach(() => rmSync(dir, { recursive: true }));
  const all = () => readdirSync(dir, { recursive: true, encoding: "utf8" }).sort();

  it("is what is in the archive", async () => {
    writeFileSync(path.join(dir, "model.pth"), "weights");
    const archive = tar.create({ gzip: true, cwd: dir, sync: true }, ["model.pth"]).read() as Buffer;
    const s3 = s3With({ "job/output/model.tar.gz": archive });
    assert.deepEqual(await fetchModel(s3, "s3://bucket/job/output/model.tar.gz", out), ["model.pth"]);
    assert.equal(readFileSync(path.join(out, "model.pth"), "utf8"), "weights");
  });

  for (const end of ["", "/"]) {
    it(`is every file of a job that compresses nothing, with "${end}" at the end of its place`, async () => {
      const s3 = s3With({
        "job/output/model/": "",
        "job/output/model/model.pth": "weights",
        "job/output/model/logs/run.txt": "log",
        "job/output/models/other": "",
      });
      assert.deepEqual(await fetchModel(s3, `s3://bucket/job/output/model${end}`, out), [
        "logs/run.txt",
        "model.pth",
      ]);
      assert.deepEqual(all(), ["out", "out/logs", "out/logs/run.txt", "out/model.pth"]);
      assert.equal(readFileSync(path.join(out, "logs/run.txt"), "utf8"), "log");
    });
  }

  it("is said to be gone where there are no files", async () => {
    const s3 = s3With({ "job/output/models/other": "" });
    await assert.rejects(
      fetchModel(s3, "s3://bucket/job/output/model/", out),
      isSetupError(/no files at s3:/),
    );
  });

  it("never leaves its folder", async () => {
    const s3 = s3With({ "model/../../outside": "" });
    await assert.rejects(fetchModel(s3, "s3://bucket/model/", out), isSetupError(/leads out of/));
    assert.deepEqual(all(), []);
  });

  it("leaves the last one as it was where it ends half-way, or has no place", async () => {
    mkdirSync(out);
    writeFileSync(path.join(out, "model.pth"), "last");
    async function* cut() {
      yield Buffer.from("half");
      throw new Error("aborted");
    }
    const s3 = s3With({ "model/model.pth": Readable.from(cut()) });
    await assert.rejects(fetchModel(s3, "s3://bucket/model/", out), isSetupError(/aborted.*run it again/s));
    await assert.rejects(
      fetchModel(s3With({ "model/model.pth/x": "" }), "s3://bucket/model/", out),
      isSetupError(/--out/),
    );
    assert.deepEqual(all(), ["out", "out/model.pth"]);
    assert.equal(readFileSync(path.join(out, "model.pth"), "utf8"), "last");
  });
});
