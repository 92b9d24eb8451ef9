import { spawn } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isLocked, tryLock, withLock } from "../lock.ts";
import { isAlive, signalIfThere } from "../processes.ts";
import type { Report } from "../report.ts";
import { lastLines } from "../run.ts";
import { SetupError } from "../setupError.ts";
import { closedSources, withoutProxy } from "./clientVariables.ts";
import { codeVersion } from "./codeVersion.ts";
import { askHealth } from "./health.ts";
import {
  type Health,
  type RunningAws,
  readPid,
  readRunning,
  removeRunning,
  stateFiles,
} from "./stateFiles.ts";

/** A running local AWS: its process, port and endpoint. */
export type LocalAws = RunningAws;

export interface Patience {
  /** Milliseconds that a living local AWS has to answer. Default 20,000. */
  answerMs?: number;
}

export interface EnsureOptions extends Patience {
  stateDir: string;
  trainingPython: string;
  ministackPython: string;
  report: Report;
  /** Port to use; default that of the last run, else any free one. */
  port?: number;
}

interface Found {
  running: RunningAws;
  health: Health;
}

/** A start takes 1 to 2 s; a busy machine is given this long. */
const startSeconds = 90;
/** Scripts get 5 s to end and results are uploaded before ministack saves its state. */
const stopSeconds = 120;
/** The log of earlier runs is put aside beyond this size. */
const logBytes = 10_000_000;

/**
 * Starts the local AWS in the background unless it runs already. Safe against two callers at once.
 *
 * One that was started from older code, as after a `git pull`, is started again; not while a job runs on it.
 *
 * @throws SetupError when one lives on this state and does not answer: a second one would destroy its work
 */
export async function ensureLocalAws(options: EnsureOptions): Promise<RunningAws> {
  mkdirSync(options.stateDir, { recursive: true, mode: 0o700 });
  const stateDir = realPath(options.stateDir);
  const code = codeVersion(options);
  const found = await look(stateDir, Math.min(5000, options.answerMs ?? 5000));
  if (found?.health.code === code) return found.running;
  const waiting = {
    tellAfterMs: 5000, // a start takes less
    onWait: () => options.report("Waiting for another command that starts or stops the local AWS ..."),
  };
  const start = async () => {
    const meanwhile = await findRunning(stateDir, options);
    if (meanwhile?.health.code === code) return meanwhile.running;
    if (meanwhile && meanwhile.health.runningJobs > 0) {
      options.report(
        "The local AWS runs older code than this checkout; it is kept because a job runs on it. Start it again afterwards: npm run local:stop",
      );
      return meanwhile.running;
    }
    if (meanwhile) {
      options.report("The local AWS runs older code than this checkout: starting it again");
      await end(meanwhile.running.pid);
    }
    const started = await launch(stateDir, options);
    options.report(`Local AWS started on ${started.endpoint}`);
    return started;
  };
  return withLock(stateFiles(stateDir).startLock, start, waiting);
}

/** Stops it gracefully: running jobs end as Stopped, the state is saved. False when it was not running. */
export async function stopLocalAws(stateDir: string, patience: Patience = {}): Promise<boolean> {
  if (!existsSync(stateDir)) return false;
  const resolved = realPath(stateDir);
  return withLock(stateFiles(resolved).startLock, () => stop(resolved, patience));
}

/** Stops it and removes everything it has stored: buckets, roles, logs, jobs. */
export async function resetLocalAws(stateDir: string, patience: Patience = {}): Promise<void> {
  if (!existsSync(stateDir)) return;
  const resolved = realPath(stateDir);
  const files = stateFiles(resolved);
  await withLock(files.startLock, async () => {
    await stop(resolved, patience);
    const own = tryLock(files.lock);
    if (!own) throw notAnswering(resolved); // one that was started by hand this moment
    try {
      for (const file of [files.home, files.log, oldLog(files.log), files.pid]) {
        rmSync(file, { recursive: true, force: true });
      }
      removeRunning(resolved);
    } finally {
      own.release();
    }
  });
}

/**
 * The local AWS of a state directory, when what answers there is it and not a stranger on its port; undefined when
 * none lives.
 *
 * @throws SetupError when one lives and does not answer in time: stopped, or too busy
 */
export async function findRunning(
  stateDir: string,
  { answerMs = 20_000 }: Patience = {},
): Promise<Found | undefined> {
  if (!existsSync(stateDir)) return undefined;
  const resolved = realPath(stateDir);
  const deadline = Date.now() + answerMs;
  for (;;) {
    const found = await look(resolved, Math.min(5000, answerMs));
    if (found) return found;
    if (!isLocked(stateFiles(resolved).lock)) return undefined;
    if (Date.now() >= deadline) throw notAnswering(resolved);
    await sleep(50); // it starts, or is busy
  }
}

async function look(stateDir: string, timeoutMs: number): Promise<Found | undefined> {
  const running = readRunning(stateDir);
  if (!running || !isAlive(running.pid)) return undefined;
  const health = await askHealth(running, timeoutMs);
  return health?.pid === running.pid && health.stateDir === stateDir ? { running, health } : undefined;
}

/** Silence is no death: the lock says that it lives. */
function notAnswering(stateDir: string): SetupError {
  const pid = readPid(stateDir);
  const [name, signal] = pid && isAlive(pid) ? [`process ${pid}`, String(pid)] : ["process unknown", "PID"];
  return new SetupError(
    `The local AWS of ${stateDir} (${name}) is alive and does not answer: it is stopping, busy or stopped. ` +
      `Wait and try again, let it go on with kill -CONT ${signal}, or end it and its jobs with kill -9 ${signal}.`,
  );
}

async function stop(stateDir: string, patience: Patience): Promise<boolean> {
  const running = (await findRunning(stateDir, patience))?.running;
  if (running) await end(running.pid);
  return running !== undefined;
}

async function end(pid: number): Promise<void> {
  signalIfThere(pid, "SIGTERM");
  const deadline = Date.now() + stopSeconds * 1000;
  while (isAlive(pid)) {
    if (Date.now() > deadline) {
      throw new SetupError(
        `The local AWS (process ${pid}) did not stop within ${stopSeconds} s: wait and try again, or end it with kill -9 ${pid}`,
      );
    }
    await sleep(50);
  }
}

async function launch(stateDir: string, options: EnsureOptions): Promise<RunningAws> {
  const files = stateFiles(stateDir);
  removeRunning(stateDir);
  const before = statSync(files.log, { throwIfNoEntry: false })?.size ?? 0;
  if (before > logBytes) renameSync(files.log, oldLog(files.log));
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
  const printed = readFileSync(files.log).subarray(before > logBytes ? 0 : before);
  throw new SetupError(
    `The local AWS did not start. The end of ${files.log}:\n${lastLines(printed.toString(), 10)}`,
  );
}

const oldLog = (log: string) => `${log}.1`;

/** One state directory may be reached by several names. */
function realPath(stateDir: string): string {
  return realpathSync(path.resolve(stateDir));
}

/** The server is a service of its own: what the shell says about a real AWS is not for it. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(([name]) => !/^(AWS_|PULUMI_|NODE_OPTIONS$)/.test(name));
  return { ...Object.fromEntries(entries), ...closedSources, ...withoutProxy(process.env) };
}
