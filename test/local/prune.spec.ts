import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { installOnce } from "../../local/installOnce.ts";
import { tryLock } from "../../local/lock.ts";
import { lockOf } from "../../local/prune.ts";

describe("the cache", () => {
  let cache: string;
  let child: ChildProcess | undefined;
  const lines: string[] = [];
  const entries = () => readdirSync(cache).filter((name) => name !== "locks");
  const install = (name: string) =>
    installOnce(
      { dir: path.join(cache, name), what: name, family: /^thing-\d/, build: async () => undefined },
      (line) => lines.push(line),
    );

  beforeEach(() => {
    cache = mkdtempSync(path.join(tmpdir(), "cache-"));
    lines.length = 0;
  });
  afterEach(() => {
    child?.kill("SIGKILL");
    rmSync(cache, { recursive: true });
  });

  function make(name: string, daysAgo: number): string {
    const dir = path.join(cache, name);
    mkdirSync(path.join(dir, "bin"), { recursive: true });
    const time = new Date(Date.now() - daysAgo * 24 * 3600 * 1000);
    utimesSync(dir, time, time);
    return dir;
  }

  it("loses what nothing has used for weeks, once a newer one is there", async () => {
    make("thing-1", 30);
    make("thing-1.tmp-killed", 30);
    make("thing-2", 20);
    make("thing-cache", 30);
    make("other-1", 30);
    await install("thing-3");
    assert.deepEqual(entries(), ["other-1", "thing-2", "thing-3", "thing-cache"]);
    assert.equal(lines.filter((line) => /^Removed .*thing-1.* 28 days$/.test(line)).length, 2);
  });

  it("keeps what a process runs, and what another run holds", async () => {
    const running = make("thing-1", 30);
    copyFileSync("/bin/sleep", path.join(running, "bin", "python"));
    utimesSync(running, new Date(0), new Date(0));
    child = spawn(path.join(running, "bin", "python"), ["600"]);
    await once(child, "spawn");
    const lock = tryLock(lockOf(make("thing-2", 30)));
    await install("thing-3");
    lock?.release();
    assert.deepEqual(entries(), ["thing-1", "thing-2", "thing-3"]);
    assert.deepEqual(lines, []);
  });

  it("knows what is used, and removes nothing while nothing new comes", async () => {
    const old = make("thing-1", 30);
    make("thing-2", 30);
    await install("thing-1");
    assert.deepEqual(entries(), ["thing-1", "thing-2"]);
    assert.ok(statSync(old).mtimeMs > Date.now() - 24 * 3600 * 1000, "it was last used 30 days ago");
  });
});
