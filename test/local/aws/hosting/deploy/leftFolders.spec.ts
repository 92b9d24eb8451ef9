import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { anewSocketDir, removeLeftFolders } from "../../../../../local/aws/hosting/deploy/leftFolders.ts";
import type { EndpointRecord } from "../../../../../local/aws/hosting/records/record.ts";

describe("what a killed local AWS leaves behind of endpoints", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "left-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("goes at the next start: folders of other endpoints, and of deployments that are over", () => {
    for (const folder of ["a/now/v", "a/next/v", "a/before/v", "gone/1", "new/1"]) {
      mkdirSync(path.join(dir, folder), { recursive: true });
    }
    const records = [
      { name: "a", current: { id: "now" }, pending: { deployment: { id: "next" } } },
      { name: "new", pending: { deployment: { id: "1" } } },
      { name: "without" },
    ] as EndpointRecord[];
    removeLeftFolders(dir, records, ({ name }) => path.join(dir, name));
    assert.deepEqual(readdirSync(dir).sort(), ["a", "new"]);
    assert.deepEqual(readdirSync(path.join(dir, "a")).sort(), ["next", "now"]);
    removeLeftFolders(path.join(dir, "nowhere"), records, () => "");
  });

  it("goes also where the sockets were", () => {
    const note = path.join(dir, "hosting", "sockets");
    const first = anewSocketDir(note);
    assert.ok(existsSync(first));
    const second = anewSocketDir(note);
    assert.notEqual(first, second);
    assert.deepEqual([existsSync(first), existsSync(second)], [false, true]);
    rmSync(second, { recursive: true });
  });

  it("is nothing but a folder for sockets, whatever stands in the note", () => {
    const note = path.join(dir, "note");
    const precious = path.join(dir, "precious");
    mkdirSync(precious);
    for (const text of [precious, "", "/", `${tmpdir()}/aws-../${path.basename(dir)}`]) {
      rmSync(note, { force: true });
      // As somebody else may have written it.
      writeFileSync(note, text);
      rmSync(anewSocketDir(note), { recursive: true });
      assert.ok(existsSync(precious), text);
    }
  });
});
