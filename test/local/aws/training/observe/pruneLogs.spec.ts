import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pruneLogs } from "../../../../../local/aws/training/observe/pruneLogs.ts";

describe("the logs on disk", () => {
  it("are those of the newest jobs", () => {
    const dir = mkdtempSync(path.join(tmpdir(), "logs-"));
    ["old", "older", "new"].forEach((name, index) => {
      mkdirSync(path.join(dir, name));
      utimesSync(path.join(dir, name), 0, [20, 10, 30][index]);
    });
    pruneLogs(dir, 3);
    assert.equal(readdirSync(dir).length, 3);
    pruneLogs(dir, 2);
    assert.deepEqual(readdirSync(dir), ["new", "old"]);
    rmSync(dir, { recursive: true });
    pruneLogs(dir, 2); // nothing there, nothing to do
  });
});
