import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { mock } from "node:test";
import type { S3Client } from "@aws-sdk/client-s3";
import { modelUri } from "../../../../../local/aws/training/transfer/artifacts.ts";
import {
  isMissing,
  joinS3,
  parseS3Uri,
  toUri,
  upload,
} from "../../../../../local/aws/training/transfer/s3.ts";
import { sourceUri } from "../../../../../local/aws/training/transfer/sourceCode.ts";
import { S3_URIS } from "../../../../cases/s3Uris.ts";
import { validRequest } from "../../sagemaker/support.ts";

describe("S3 locations", () => {
  for (const [uri, place] of S3_URIS) {
    it(place ? `are read from ${JSON.stringify(uri)}` : `are not ${JSON.stringify(uri)}`, () => {
      if (place) assert.deepEqual(parseS3Uri(uri), place);
      else assert.throws(() => parseS3Uri(uri), /Not an S3 URI/);
    });
  }

  for (const uri of ["s3://b/out", "s3://b/out/", "s3://b/out//"]) {
    it(`are joined to ${uri} with one slash`, () => {
      assert.equal(toUri(joinS3(uri, "job", "model.tar.gz")), "s3://b/out/job/model.tar.gz");
    });
  }

  it("of a model are below the output path, or the bucket", () => {
    const at = (S3OutputPath: string, CompressionType?: "NONE" | "GZIP") =>
      modelUri(validRequest({ OutputDataConfig: { S3OutputPath, CompressionType } }));
    assert.equal(at("s3://b/out/"), "s3://b/out/job/output/model.tar.gz");
    assert.equal(at("s3://b"), "s3://b/job/output/model.tar.gz");
    assert.equal(at("https://s3.us-west-2.amazonaws.com/b/out"), "s3://b/out/job/output/model.tar.gz");
    assert.equal(at("s3://b", "NONE"), "s3://b/job/output/model/");
  });

  it("of the source are read plain and JSON-encoded", () => {
    const of = (value: string) =>
      sourceUri(validRequest({ HyperParameters: { sagemaker_submit_directory: value } }));
    assert.equal(of("s3://b/s.tar.gz"), "s3://b/s.tar.gz");
    assert.equal(of('"s3://b/s.tar.gz"'), "s3://b/s.tar.gz");
    assert.equal(of("/opt/ml/code"), undefined);
    assert.equal(sourceUri(validRequest()), undefined);
  });
});

describe("an upload to S3", () => {
  let dir: string;
  let file: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "upload-"));
    file = path.join(dir, "model");
    writeFileSync(file, "");
    mock.timers.enable({ apis: ["setTimeout"] });
  });
  afterEach(() => {
    mock.timers.reset();
    rmSync(dir, { recursive: true, force: true });
  });
  const to = { bucket: "b", key: "model" };
  /** What a client says while nobody has the socket yet, or no more. */
  const noSocket = (code: string) =>
    Object.assign(new Error(`connect ${code} /tmp/aws-x/s`), { code, syscall: "connect" });

  /** Lets time pass until something has ended. */
  async function ended(work: Promise<unknown>): Promise<void> {
    let over = false;
    const end = work.finally(() => {
      over = true;
    });
    while (!over) {
      await new Promise((resolve) => setImmediate(resolve));
      mock.timers.tick(1000);
    }
    await end;
  }

  for (const code of ["ENOENT", "ECONNREFUSED"]) {
    it(`goes on when S3 is starting again (${code})`, async () => {
      let calls = 0;
      const send = async () => {
        calls += 1;
        if (calls < 3) throw noSocket(code);
      };
      await ended(upload({ send } as unknown as S3Client, file, to));
      assert.equal(calls, 3);
    });
  }

  it("of a file that is not there is given up at once", async () => {
    rmSync(file);
    const work = upload({ send: async () => assert.fail() } as unknown as S3Client, file, to);
    await assert.rejects(work, isMissing);
    assert.equal(isMissing(noSocket("ENOENT")), false);
  });
});
