import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import type { S3Client } from "@aws-sdk/client-s3";
import { create } from "tar";
import { fetchModel } from "../../../../../local/aws/hosting/serve/modelFiles.ts";

const model = {
  ModelName: "m",
  PrimaryContainer: { ModelDataUrl: "s3://b/model.tar.gz" },
};

describe("the files of a model", () => {
  let dir: string;
  let asked: number;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "model-files-"));
    asked = 0;
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const fetchFrom = (content: Buffer | Error) => {
    const send = async () => {
      asked += 1;
      if (content instanceof Error) throw content;
      return { Body: Readable.from([content]) };
    };
    const s3 = { send } as unknown as S3Client;
    return fetchModel(s3, model, path.join(dir, "model"), new AbortController().signal);
  };
  async function archive(prefix: string): Promise<Buffer> {
    writeFileSync(path.join(dir, "model.pth"), "weights");
    const file = path.join(dir, "a.tar.gz");
    await create({ file, gzip: true, cwd: dir, prefix, preservePaths: true }, ["model.pth"]);
    return readFileSync(file);
  }

  it("are unpacked once, whatever becomes of the object, also where the archive names them from the root", async () => {
    await fetchFrom(await archive("/"));
    assert.equal(readFileSync(path.join(dir, "model/model.pth"), "utf8"), "weights");
    await fetchFrom(new Error("gone"));
    assert.equal(asked, 1);
  });

  it("stay inside of their folder", async () => {
    await assert.rejects(fetchFrom(await archive("../outside")), /Failed to extract model data archive/);
    assert.equal(existsSync(path.join(dir, "outside")), false);
  });

  it("fail in SageMaker's words where there is no archive, or no object", async () => {
    await assert.rejects(
      fetchFrom(Buffer.from("no archive")),
      /Failed to extract model data archive .*container_1/,
    );
    await assert.rejects(fetchFrom(new Error("denied")), /Failed to download model data .*\(denied\)/);
    assert.equal(existsSync(path.join(dir, "model")), false);
  });
});
