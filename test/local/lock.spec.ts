import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { isLocked, tryLock, withLock } from "../../local/lock.ts";

const lockModule = pathToFileURL(path.resolve(__dirname, "../../local/lock.ts")).href;

describe("a lock", () => {
  let dir: string;
  let file: string;
  const children: ChildProcess[] = [];

  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "lock-"));
    // Deeper than the path of a socket may be.
    file = path.join(dir, "d".repeat(100), "e".repeat(100), "lock");
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    rmSync(dir, { recursive: true });
  });

  /** A process that takes the lock, says whether it has it, and lives on. */
  async function holder(): Promise<{ child: ChildProcess; answer: string }> {
    const code = `import { tryLock } from ${JSON.stringify(lockModule)};
      console.log(tryLock(process.argv[1]) ? "held" : "refused");
      setInterval(() => globalThis.gc(), 5);`;
    const args = ["--expose-gc", "--input-type=module", "-e", code, file];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    children.push(child);
    const [answer] = await once(child.stdout as NodeJS.ReadableStream, "data");
    return { child, answer: String(answer).trim() };
  }

  it("is held by one at a time, in this process too", () => {
    const lock = tryLock(file);
    assert.ok(lock);
    assert.equal(tryLock(file), undefined);
    assert.equal(isLocked(file), true);
    lock.release();
    lock.release();
    assert.equal(isLocked(file), false);
    tryLock(file)?.release();
    assert.deepEqual(readdirSync(path.dirname(file)), ["lock"]);
  });

  it("is kept by a process that is stopped, and freed by one that is killed", async () => {
    const { child, answer } = await holder();
    assert.equal(answer, "held");
    assert.equal((await holder()).answer, "refused");
    child.kill("SIGSTOP");
    assert.equal(isLocked(file), true);
    child.kill("SIGKILL");
    await once(child, "exit");
    assert.equal(isLocked(file), false);
    assert.deepEqual(readdirSync(path.dirname(file)), ["lock"]);
  });

  it("does not mind what is in its file", async () => {
    mkdirSync(path.dirname(file), { recursive: true });
    for (const content of ["1", "garbage".repeat(1000)]) {
      writeFileSync(file, content);
      tryLock(file)?.release();
      assert.equal(isLocked(file), false);
    }
  });

  it("names its file where it cannot be taken", () => {
    mkdirSync(file, { recursive: true });
    assert.throws(() => tryLock(file), {
      name: "SetupError",
      message: new RegExp(`${file} cannot be locked: `),
    });
  });

  it("is waited for, once said so", async () => {
    const lock = tryLock(file);
    const events: string[] = [];
    const work = withLock(file, async () => events.push("work"), {
      pollMs: 1,
      onWait: () => {
        events.push("wait");
        setImmediate(() => lock?.release());
      },
    });
    await work;
    assert.deepEqual(events, ["wait", "work"]);
    assert.equal(isLocked(file), false);
  });
});
