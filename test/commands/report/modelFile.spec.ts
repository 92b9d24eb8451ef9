import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { type GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import * as tar from "tar";
import { LARGEST_ARCHIVE, readModelFile } from "../../../commands/report/modelFile";
import { awsError } from "../../components/support/awsErrors";

const ARTIFACT = "s3://bucket/job/output/model.tar.gz";

/** S3 that answers with this body, of which it tells the length. */
function s3With(answer: Readable | Error, ContentLength?: number): { s3: S3Client; keys: string[] } {
  const s3 = new S3Client({ region: "us-east-1" });
  const keys: string[] = [];
  s3.send = (async ({ input }: GetObjectCommand) => {
    keys.push(String(input.Key));
    if (answer instanceof Error) throw answer;
    const text = async () => Buffer.concat(await answer.toArray()).toString();
    return { Body: Object.assign(answer, { transformToString: text }), ContentLength };
  }) as unknown as S3Client["send"];
  return { s3, keys };
}

describe("a file of a model artifact", () => {
  let dir: string;
  before(() => {
    dir = mkdtempSync(path.join(tmpdir(), "model-file-"));
    writeFileSync(path.join(dir, "metrics.json"), '{"a": 1}');
    writeFileSync(path.join(dir, "model.pth"), Buffer.alloc(300_000, "weights"));
  });
  after(() => rmSync(dir, { recursive: true, force: true }));
  const packed = (files: string[], prefix = "") =>
    Readable.from(tar.create({ cwd: dir, gzip: true, prefix, sync: false }, files) as AsyncIterable<Buffer>);

  for (const [what, files] of Object.entries({
    first: ["metrics.json", "model.pth"],
    last: ["model.pth", "metrics.json"],
  })) {
    it(`is read out of the archive where it comes ${what}`, async () => {
      const { s3 } = s3With(packed(files));
      assert.deepEqual(await readModelFile(s3, ARTIFACT, "metrics.json"), { text: '{"a": 1}' });
    });
  }

  it("is read no further than it goes, of an archive that never ends", async () => {
    async function* endless() {
      yield* packed(["metrics.json", "model.pth"]) as AsyncIterable<Buffer>;
      await new Promise(() => {});
    }
    const body = Readable.from(endless());
    const { s3 } = s3With(body);
    assert.deepEqual(await readModelFile(s3, ARTIFACT, "metrics.json"), { text: '{"a": 1}' });
    assert.ok(body.destroyed);
  });

  it("is read beside the others where nothing is compressed", async () => {
    const { s3, keys } = s3With(Readable.from([Buffer.from("{}")]));
    assert.deepEqual(await readModelFile(s3, "s3://bucket/job/output/model/", "metrics.json"), {
      text: "{}",
    });
    assert.deepEqual(keys, ["job/output/model/metrics.json"]);
  });

  it("is said to be missing where it is, and why", async () => {
    const missing = async (answer: Readable | Error, length?: number, uri = ARTIFACT) => {
      const found = await readModelFile(s3With(answer, length).s3, uri, "metrics.json");
      return "missing" in found ? found.missing : found.text;
    };
    assert.equal(await missing(packed(["model.pth"])), "there is no metrics.json in it");
    assert.equal(await missing(packed(["metrics.json"], "code")), "there is no metrics.json in it");
    assert.match(await missing(awsError("NoSuchKey", "gone")), /^it cannot be read: NoSuchKey: gone/);
    assert.equal(
      await missing(awsError("NoSuchKey", "gone"), 0, "s3://bucket/model/"),
      "there is no metrics.json in it",
    );
    assert.match(await missing(Readable.from([]), LARGEST_ARCHIVE + 1), /more than 2147483648 are not read/);
  });
});
