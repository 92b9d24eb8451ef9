import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Credentials } from "./clients.ts";

/** What a running local AWS says about itself in `<state>/aws.json`. */
export interface RunningAws {
  pid: number;
  port: number;
  /** `http://127.0.0.1:PORT`, for AWS_ENDPOINT_URL. */
  endpoint: string;
  /** Those of its owner, who may do everything: whoever can read the state directory. */
  credentials: Credentials;
}

/** The answer to `GET /_local/health`. */
export interface Health {
  pid: number;
  stateDir: string;
  /** The code it was started from. */
  code: string;
  /** Training jobs that have not ended. */
  runningJobs: number;
  /** Their names; absent in the answer of an older version. */
  jobs?: string[];
}

/** The files of one local AWS under its state directory. */
export function stateFiles(stateDir: string) {
  const home = path.join(stateDir, "aws");
  return {
    home,
    /** Written when ready, removed on a graceful stop. */
    running: path.join(stateDir, "aws.json"),
    log: path.join(stateDir, "aws.log"),
    /** The owner's credentials, kept so that a shell that has them stays valid over a restart. */
    owner: path.join(home, "owner.json"),
    /** Locked by the server for as long as it lives: whoever has it owns the state. */
    lock: path.join(stateDir, "locks", "server"),
    /** Locked by whoever starts, stops or resets it. */
    startLock: path.join(stateDir, "locks", "start"),
    /** Process number of the server, from its first moment on. */
    pid: path.join(stateDir, "locks", "server.pid"),
    /** The port of the last run, so that endpoints people noted down keep working. */
    port: path.join(home, "port"),
    ministack: path.join(home, "ministack"),
    jobs: path.join(home, "sagemaker", "jobs"),
    /** Private base directories of running jobs, removed when a job ends. */
    work: path.join(home, "sagemaker", "work"),
    /** What jobs wrote that could not be uploaded; nothing removes it but a reset. */
    kept: path.join(home, "sagemaker", "kept"),
    /** Models, endpoint configurations and endpoints. */
    hosting: path.join(home, "sagemaker", "hosting"),
    /** Names the folder of the model servers' sockets, which is not below the state. */
    servingSockets: path.join(home, "sagemaker", "hosting", "sockets"),
    /** Folders of the model servers, with the models as they came from S3. */
    served: path.join(home, "sagemaker", "hosting", "work"),
    /** The e-mails that SNS sent. */
    mail: path.join(home, "mail"),
    /** CloudWatch Logs, by region, group and stream. */
    logs: path.join(home, "logs"),
    /** Copies of what jobs printed, of earlier versions. */
    earlierLogs: path.join(home, "sagemaker", "logs"),
  };
}

export type StateFiles = ReturnType<typeof stateFiles>;

/** Writes a file whole or not at all, also when the power goes, readable by its owner only. */
export function writeFileAtomic(file: string, content: string): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    // On the disk before it takes the place of what is there.
    writeFileSync(temporary, content, { mode: 0o600, flush: true });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Moves a damaged file out of the way, where it can be looked at, and says so. */
export function setAside(file: string, error: Error, log: (line: string) => void): void {
  const aside = `${file}.damaged`;
  renameSync(file, aside);
  log(`${file} is damaged (${error.message}): moved to ${aside}; what it described is not there any more`);
}

/** A local AWS that was started from older code, and goes on because a job runs on it, takes these. */
const credentialsOfEarlierVersions: Credentials = { accessKeyId: "test", secretAccessKey: "test" };

/** The parsed `<state>/aws.json`, undefined when there is none or it is damaged. */
export function readRunning(stateDir: string): RunningAws | undefined {
  try {
    const parsed = JSON.parse(readFileSync(stateFiles(stateDir).running, "utf8"));
    if (!Number.isInteger(parsed.pid) || !Number.isInteger(parsed.port)) return undefined;
    return { ...parsed, credentials: parsed.credentials ?? credentialsOfEarlierVersions };
  } catch {
    return undefined;
  }
}

/** The process that holds the server's lock; undefined where that is not known. */
export function readPid(stateDir: string): number | undefined {
  try {
    const pid = Number(readFileSync(stateFiles(stateDir).pid, "utf8"));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
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

/** The owner's credentials, made at random the first time; removing the state makes new ones, and so does a file that is damaged. */
export function ownerCredentials(
  stateDir: string,
  log: (line: string) => void = () => undefined,
): Credentials {
  const file = stateFiles(stateDir).owner;
  try {
    const { accessKeyId, secretAccessKey } = JSON.parse(readFileSync(file, "utf8")) ?? {};
    if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey };
    throw new Error("it has no credentials");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) setAside(file, error as Error, log);
    else if (code !== "ENOENT") throw error;
  }
  const credentials = {
    // As long as AWS's, and of the same characters.
    accessKeyId: `LOCAL${randomBytes(8).toString("hex").slice(1).toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString("base64url"),
  };
  writeFileAtomic(file, `${JSON.stringify(credentials)}\n`);
  return credentials;
}
