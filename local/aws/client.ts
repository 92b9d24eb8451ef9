import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import lockfile from "proper-lockfile";
import type { Report } from "../report.ts";
import { lastLines } from "../run.ts";
import { SetupError } from "../setupError.ts";
import { closedSources, withoutProxy } from "./clientVariables.ts";
import { codeVersion } from "./codeVersion.ts";
import { callControl } from "./control.ts";
import { type Health, type RunningAws, readRunning, removeRunning, stateFiles } from "./stateFiles.ts";

/** A running local AWS: its process, port and endpoint. */
export type LocalAws = RunningAws;

export interface EnsureOptions {
  stateDir: string;
  trainingPython: string;
  ministackPython: string;
  report: Report;
  /** Port to use; default that of the last run, else any free one. */
  port?: number;
}

export type LocalAwsStatus = { running: false } | ({ running: true } & RunningAws);

/** A start takes 1 to 2 s; a busy machine is given this long. */
const startSeconds = 90;
/** Scripts get 5 s to end and results are uploaded before ministack saves its state. */
const stopSeconds = 120;

/**
 * Starts the local AWS in the background unless it runs already. Safe against two callers at once.
 *
 * One that was started from older code, as after a `git pull`, is started again; not while a job runs on it.
 */
export async function ensureLocalAws(options: EnsureOptions): Promise<RunningAws> {
  const stateDir = path.resolve(options.stateDir);
  const code = codeVersion();
  const found = await findRunning(stateDir);
  if (found?.health.code === code) return found.running;
  return withLock(stateDir, async () => {
    const meanwhile = await findRunning(stateDir);
    if (meanwhile?.health.code === code) return meanwhile.running;
    if (meanwhile && meanwhile.health.runningJobs > 0) {
      options.report(
        "The local AWS runs older code than this checkout; it is kept because a job runs on it. Start it again afterwards: npm run local:stop",
      );
      return meanwhile.running;
    }
    if (meanwhile) {
      options.report("The local AWS runs older code than this checkout: starting it again");
      await stopLocalAws(stateDir);
    }
    const started = await launch(stateDir, options);
    options.report(`Local AWS started on ${started.endpoint}`);
    return started;
  });
}

/** Stops it gracefully: running jobs end as Stopped, the state is saved. False when it was not running. */
export async function stopLocalAws(stateDir: string): Promise<boolean> {
  const running = (await findRunning(path.resolve(stateDir)))?.running;
  if (!running) return false;
  process.kill(running.pid, "SIGTERM");
  const deadline = Date.now() + stopSeconds * 1000;
  while (isAlive(running.pid)) {
    if (Date.now() > deadline) {
      throw new SetupError(`The local AWS (process ${running.pid}) did not stop within ${stopSeconds} s`);
    }
    await sleep(50);
  }
  return true;
}

/** Stops it and removes everything it has stored: buckets, roles, logs, jobs. */
export async function resetLocalAws(stateDir: string): Promise<void> {
  const resolved = path.resolve(stateDir);
  await stopLocalAws(resolved);
  const files = stateFiles(resolved);
  rmSync(files.home, { recursive: true, force: true });
  rmSync(files.log, { force: true });
  removeRunning(resolved);
}

export async function localAwsStatus(stateDir: string): Promise<LocalAwsStatus> {
  const running = (await findRunning(path.resolve(stateDir)))?.running;
  return running ? { running: true, ...running } : { running: false };
}

/** The local AWS of a state directory, when what answers there is it and not a stranger on its port. */
export async function findRunning(
  stateDir: string,
): Promise<{ running: RunningAws; health: Health } | undefined> {
  const running = readRunning(stateDir);
  if (!running || !isAlive(running.pid)) return undefined;
  const health = await askHealth(running);
  return health?.pid === running.pid && health.stateDir === path.resolve(stateDir)
    ? { running, health }
    : undefined;
}

async function askHealth(running: RunningAws): Promise<Health | undefined> {
  try {
    const answer = await callControl(running, "health", undefined, AbortSignal.timeout(5000));
    return answer.ok ? ((await answer.json()) as Health) : undefined;
  } catch {
    return undefined; // nobody, or somebody else
  }
}

async function launch(stateDir: string, options: EnsureOptions): Promise<RunningAws> {
  const files = stateFiles(stateDir);
  removeRunning(stateDir);
  const output = openSync(files.log, "a", 0o600);
  const child = spawn(
    process.execPath,
    [
      path.join(import.meta.dirname, "server.ts"),
      ...["--state", stateDir],
      ...["--training-python", options.trainingPython],
      ...["--ministack-python", options.ministackPython],
      ...["--port", String(options.port ?? 0)],
    ],
    { detached: true, stdio: ["ignore", output, output], env: serverEnvironment() },
  );
  closeSync(output);
  child.unref();
  let ended = false;
  child.once("exit", () => {
    ended = true;
  });
  const deadline = Date.now() + startSeconds * 1000;
  while (Date.now() < deadline && !ended) {
    const running = readRunning(stateDir);
    if (running?.pid === child.pid) return running as RunningAws;
    await sleep(25);
  }
  if (!ended && child.pid !== undefined) process.kill(child.pid, "SIGTERM");
  throw new SetupError(
    `The local AWS did not start. The end of ${files.log}:\n${lastLines(readFileSync(files.log, "utf8"), 10)}`,
  );
}

/** The server is a service of its own: what the shell says about a real AWS is not for it. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(([name]) => !/^(AWS_|PULUMI_|NODE_OPTIONS$)/.test(name));
  return { ...Object.fromEntries(entries), ...closedSources, ...withoutProxy(process.env) };
}

async function withLock<T>(stateDir: string, work: () => Promise<T>): Promise<T> {
  const { home } = stateFiles(stateDir);
  if (!existsSync(home)) mkdirSync(home, { recursive: true, mode: 0o700 });
  const release = await lockfile.lock(home, {
    lockfilePath: path.join(home, "start.lock"),
    stale: 20_000,
    update: 5_000,
    retries: { retries: 2 * startSeconds, minTimeout: 500, maxTimeout: 500, factor: 1 },
    onCompromised: () => undefined,
  });
  try {
    return await work();
  } finally {
    await release().catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
