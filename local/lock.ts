import { accessSync, constants, mkdirSync, truncateSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { SetupError } from "./setupError.ts";

export interface Lock {
  release(): void;
}

/** SQLite's codes for a lock that another holds, and for a file that holds something else than a database. */
const BUSY = 5;
const NOT_A_DATABASE = 26;

/** A lock ends with its connection, and a connection that nobody refers to any more is closed. */
const held = new Set<DatabaseSync>();

/**
 * Takes the lock of a file, which is made when it is missing and stays afterwards; undefined while another process
 * holds it.
 *
 * The lock is the operating system's own, through SQLite: it ends with the process that holds it, however that
 * ends, and not before: a stopped process and a machine that sleeps keep it. So it needs no pid, clock or heartbeat, and
 * what is in the file does not matter. No code may open the file otherwise: closing it would give the lock back.
 *
 * @param waitMs how long to wait for it, blocking this process; default not at all
 */
export function tryLock(file: string, waitMs = 0): Lock | undefined {
  const dir = path.dirname(file);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  accessSync(dir, constants.W_OK); // SQLite's own words for it name neither the file nor the reason
  for (let damaged = false; ; damaged = true) {
    try {
      const database = open(file, waitMs);
      held.add(database);
      return {
        release: () => {
          if (held.delete(database)) database.close();
        },
      };
    } catch (error) {
      const { errcode, message } = error as Error & { errcode?: number };
      if (errcode === BUSY) return undefined;
      if (errcode !== NOT_A_DATABASE || damaged) throw new SetupError(`${file} cannot be locked: ${message}`);
      truncateSync(file); // it could be read, so nobody holds it
    }
  }
}

/** Whether a process holds the lock of a file. */
export function isLocked(file: string): boolean {
  const lock = tryLock(file, 100); // others may be asking the same just now
  lock?.release();
  return lock === undefined;
}

export interface Waiting {
  /** Called once when the lock has to be waited for, ... */
  onWait?: () => void;
  /** ... and this many milliseconds have passed. Default 0. */
  tellAfterMs?: number;
  /** Milliseconds between looks at it. Default 200. */
  pollMs?: number;
}

/** Does something while it holds the lock of a file; waits for as long as another process holds it. */
export async function withLock<T>(file: string, work: () => Promise<T>, waiting: Waiting = {}): Promise<T> {
  const { onWait, tellAfterMs = 0, pollMs = 200 } = waiting;
  const start = Date.now();
  let told = false;
  let lock = tryLock(file);
  while (!lock) {
    if (!told && Date.now() - start >= tellAfterMs) {
      told = true;
      onWait?.();
    }
    await sleep(pollMs);
    lock = tryLock(file);
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}

function open(file: string, waitMs: number): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: waitMs });
  try {
    // In memory: a journal would be a second file, which a killed process leaves behind.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
