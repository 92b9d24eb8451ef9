import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** What a running local AWS says about itself in `<state>/aws.json`. */
export interface RunningAws {
  pid: number;
  port: number;
  /** `http://127.0.0.1:PORT`, for AWS_ENDPOINT_URL. */
  endpoint: string;
}

/** The answer to `GET /_local/health`. */
export interface Health {
  pid: number;
  stateDir: string;
  /** The code it was started from. */
  code: string;
  /** Training jobs that have not ended. */
  runningJobs: number;
}

/** The files of one local AWS under its state directory. */
export function stateFiles(stateDir: string) {
  const home = path.join(stateDir, "aws");
  return {
    home,
    /** Written when ready, removed on a graceful stop. */
    running: path.join(stateDir, "aws.json"),
    log: path.join(stateDir, "aws.log"),
    /** The port of the last run, so that endpoints people noted down keep working. */
    port: path.join(home, "port"),
    ministack: path.join(home, "ministack"),
    jobs: path.join(home, "sagemaker", "jobs"),
    /** Private base directories of running jobs, removed when a job ends. */
    work: path.join(home, "sagemaker", "work"),
    /** What jobs wrote that could not be uploaded; nothing removes it but a reset. */
    kept: path.join(home, "sagemaker", "kept"),
    /** What each job printed, kept after its base directory is gone. */
    logs: path.join(home, "sagemaker", "logs"),
  };
}

export type StateFiles = ReturnType<typeof stateFiles>;

/** Writes a file whole or not at all, readable by its owner only. */
export function writeFileAtomic(file: string, content: string): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, content, { mode: 0o600 });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** The parsed `<state>/aws.json`, undefined when there is none or it is damaged. */
export function readRunning(stateDir: string): RunningAws | undefined {
  try {
    const parsed = JSON.parse(readFileSync(stateFiles(stateDir).running, "utf8"));
    return Number.isInteger(parsed.pid) && Number.isInteger(parsed.port) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

export function removeRunning(stateDir: string): void {
  rmSync(stateFiles(stateDir).running, { force: true });
}

/** The port of the last run, 0 when unknown. */
export function readLastPort(stateDir: string): number {
  try {
    const port = Number(readFileSync(stateFiles(stateDir).port, "utf8"));
    return Number.isInteger(port) && port > 0 && port < 65536 ? port : 0;
  } catch {
    return 0;
  }
}
