import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { contentOf } from "../../../local/provider/assets.ts";

describe("contentOf", () => {
  let dir: string;
  let file: string;
  before(() => {
    dir = mkdtempSync(path.join(tmpdir(), "assets-"));
    file = path.join(dir, "a.bin");
    writeFileSync(file, Buffer.from([0, 255, 1]));
  });
  after(() => rmSync(dir, { recursive: true }));

  it("reads files byte by byte, by path and by URL", async () => {
    assert.deepEqual([...(await contentOf({ path: file }))], [0, 255, 1]);
    assert.deepEqual([...(await contentOf({ uri: pathToFileURL(file).href }))], [0, 255, 1]);
  });

  it("takes text as it is", async () => {
    assert.equal(Buffer.from(await contentOf({ text: "hällo" })).toString("utf8"), "hällo");
    assert.equal((await contentOf({ text: "" })).length, 0);
  });

  it("refuses what it would have to zip", async () => {
    await assert.rejects(contentOf({ path: dir }), /does not zip the directory .*pass a FileAsset/);
    await assert.rejects(contentOf({ assets: {} }), /does not zip an AssetArchive/);
  });

  it("names a file that is not there", async () => {
    await assert.rejects(
      contentOf({ path: path.join(dir, "none") }),
      /none does not exist.*pulumi up --replace/,
    );
  });
});
