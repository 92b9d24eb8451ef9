import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readFailure } from "../../../../../local/aws/training/observe/failureFile.ts";

describe("what a host says of its failure", () => {
  let base: string;
  let file: string;
  beforeEach(() => {
    base = mkdtempSync(path.join(tmpdir(), "failure-"));
    file = path.join(base, "output/failure");
    mkdirSync(path.dirname(file));
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  it("is what it wrote", async () => {
    writeFileSync(file, "ExecuteUserScriptError:\nExitCode 3");
    assert.equal(await readFailure(base), "ExecuteUserScriptError:\nExitCode 3");
  });

  it("is the beginning of what it wrote, in whole characters", async () => {
    writeFileSync(file, "x".repeat(3) + "\u{1F600}".repeat(100_000));
    const text = await readFailure(base);
    assert.ok(text.length >= 1024 && text.length < 10_000, String(text.length));
    assert.match(text, /^x{3}\u{1F600}+$/u);
  });

  it("is nothing where there is no file", async () => {
    assert.equal(await readFailure(base), "");
    mkdirSync(file);
    assert.equal(await readFailure(base), "");
  });

  // Each would keep the server that serves everybody waiting: without end, or until its memory is full.
  it("is nothing where a script left a pipe or a device in its place", async () => {
    execFileSync("mkfifo", [file]);
    assert.equal(await readFailure(base), "");
    rmSync(file);
    symlinkSync("/dev/zero", file);
    assert.equal(await readFailure(base), "");
  });
});
