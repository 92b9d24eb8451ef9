import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname, tmpdir } from "node:os";
import path from "node:path";

const root = path.resolve(__dirname, "../..");

/** The local stack as its commands see it: a deployment that holds the lock, and a local AWS with a job. */
describe("who is inside", () => {
  let stateDir: string;
  let server: Server | undefined;
  let child: ChildProcess | undefined;

  beforeEach(() => {
    stateDir = mkdtempSync(path.join(tmpdir(), "inside-"));
  });
  afterEach(() => {
    server?.close();
    child?.kill("SIGKILL");
    rmSync(stateDir, { recursive: true });
  });

  /** Runs `local.ts` beside this process, which may have to answer it. */
  async function local(...args: string[]): Promise<{ code: number; stderr: string }> {
    const command = spawn(process.execPath, [path.join(root, "local/local.ts"), ...args], {
      env: { ...process.env, TRAINING_STATE_DIR: stateDir },
      stdio: ["ignore", "inherit", "pipe"],
    });
    let stderr = "";
    command.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    const [code] = await once(command, "close");
    return { code, stderr };
  }

  function writeLock(content: string): string {
    const dir = path.join(stateDir, "pulumi/.pulumi/locks/organization/training/local");
    mkdirSync(dir, { recursive: true });
    writeFileSync(path.join(dir, "a.json"), content);
    return path.join(dir, "a.json");
  }
  const lockOf = (pid: number) => writeLock(JSON.stringify({ pid, hostname: hostname() }));

  /** A process that is called pulumi and ends on ^C. */
  async function deployment(): Promise<number> {
    const program = path.join(stateDir, "pulumi-fake");
    copyFileSync("/bin/sleep", program);
    chmodSync(program, 0o755);
    child = spawn(program, ["600"]);
    await once(child, "spawn");
    return child.pid as number;
  }

  async function awsWithJobs(jobs: string[]): Promise<void> {
    const health = { pid: process.pid, stateDir, code: "", runningJobs: jobs.length, jobs };
    server = createServer((_, answer) => answer.end(JSON.stringify(health)));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const running = { pid: process.pid, port, endpoint: `http://127.0.0.1:${port}` };
    writeFileSync(path.join(stateDir, "aws.json"), JSON.stringify(running));
  }

  it("keeps a reset from clearing what a deployment and its job work on", async () => {
    const pid = await deployment();
    const lock = lockOf(pid);
    await awsWithJobs(["densenet-1", "densenet-2"]);
    const { code, stderr } = await local("reset");
    assert.equal(
      stderr,
      `Nothing was cleared: in the local stack runs a deployment (pulumi, process ${pid} on ${hostname()}) and training jobs densenet-1, densenet-2. ` +
        "Let it end, or end it and clear all: npm run local:reset -- --force\n",
    );
    assert.equal(code, 1);
    assert.equal(existsSync(lock), true);
    assert.equal(child?.signalCode, null);
  });

  it("is ended first when the reset is forced", async () => {
    const lock = lockOf(await deployment());
    const ended = once(child as ChildProcess, "exit");
    const { code, stderr } = await local("reset", "--force");
    assert.match(stderr, /^Ending a deployment .*\n.* are cleared\.\n$/);
    assert.deepEqual([code, existsSync(lock)], [0, false]);
    assert.equal((await ended)[1], "SIGINT");
  });

  const dead: Record<string, () => string> = {
    "a process that is gone": () => String(spawnSync("true").pid),
    "another program with its number": () => String(process.pid),
    "nobody who wrote it to its end": () => "",
  };
  for (const [who, pid] of Object.entries(dead)) {
    it(`does not count ${who}`, async () => {
      const lock = writeLock(
        `{"hostname":"${hostname()}","pid":${pid()}${who.includes("nobody") ? "" : "}"}`,
      );
      const { code, stderr } = await local("reset");
      assert.deepEqual([code, existsSync(lock)], [0, false], stderr);
    });
  }

  it("is told by a stop", async () => {
    const pid = await deployment();
    const lock = readFileSync(lockOf(pid), "utf8");
    assert.match(lock, new RegExp(String(pid)));
    const { code, stderr } = await local("stop");
    assert.match(stderr, new RegExp(`^A deployment works .*process ${pid}\\).*\\nThe local AWS is stopped`));
    assert.equal(code, 0);
  });
});
