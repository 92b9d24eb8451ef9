import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { assertOpens, contentOf } from "../../../local/provider/assets.ts";

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
    await assert.rejects(
      contentOf({ path: dir }),
      /^Error: asset path '.*' is a directory; try using an archive$/,
    );
    await assert.rejects(contentOf({ assets: {} }), /does not zip an AssetArchive/);
  });

  it("names a file that is not there", async () => {
    const none = path.join(dir, "none");
    const message = `failed to open asset file '${none}': open ${none}: no such file or directory`;
    await assert.rejects(contentOf({ path: none }), { message });
    assert.throws(() => assertOpens({ path: none }), { message });
    assert.throws(() => assertOpens({ uri: pathToFileURL(none).href }), { message });
  });

  it("opens what has a file, and lets pass what has none", () => {
    for (const asset of [{ path: file }, { text: "x" }, { uri: "https://example.com/x" }, { hash: "x" }]) {
      assertOpens(asset);
    }
  });
});
