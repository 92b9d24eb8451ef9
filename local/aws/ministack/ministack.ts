import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { get } from "node:http";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SetupError } from "../../setupError.ts";
import type { Credentials } from "../clients.ts";
import { closedSources } from "../clientVariables.ts";
import { ministackServices } from "../front/unserved.ts";
import { makeSocketDir } from "../socketDir.ts";

export interface MinistackOptions {
  python: string;
  /** Where its state lives. */
  dir: string;
  /** Where the e-mails that SNS sends are left. */
  mailDir: string;
  /** Verify signatures and enforce IAM. */
  auth: boolean;
  /** Its root: with `auth`, every other key may do only what IAM allows. */
  root: Credentials;
  log: (line: string) => void;
}

/** Importing ministack takes half a second on an idle machine; a busy one is given this long. */
const startSeconds = 60;
/** It saves its state on SIGTERM; one that hangs is killed after this. */
const stopSeconds = 15;
/** Between the end of a crashed ministack and its next start. */
const restartMs = 500;

/**
 * Keeps one ministack running behind a unix socket.
 *
 * The socket is in a private directory with a short name, since socket paths must be short.
 */
export class Ministack {
  readonly socketPath: string;
  private readonly socketDir: string;
  private readonly options: MinistackOptions;
  private child: ChildProcess | undefined;
  private stopping = false;
  private lastLines: string[] = [];

  constructor(options: MinistackOptions) {
    this.options = options;
    this.socketDir = makeSocketDir();
    this.socketPath = path.join(this.socketDir, "s");
  }

  /** Resolves when it answers. */
  async start(): Promise<void> {
    this.launch();
    const deadline = Date.now() + startSeconds * 1000;
    while (!(await this.isHealthy())) {
      if (this.child?.exitCode !== null || Date.now() > deadline) {
        throw new SetupError(`ministack did not start. Its last lines:\n${this.lastLines.join("\n")}`);
      }
      await sleep(30);
    }
  }

  /** Stops it gracefully, which is when it writes down IAM, metrics and ECR. */
  async stop(): Promise<void> {
    this.stopping = true;
    const child = this.child;
    if (child?.exitCode === null && child.signalCode === null) {
      const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), stopSeconds * 1000);
      await ended;
      clearTimeout(timer);
    }
    rmSync(this.socketDir, { recursive: true, force: true });
  }

  isHealthy(): Promise<boolean> {
    return new Promise((resolve) => {
      const request = get(
        { socketPath: this.socketPath, path: "/_ministack/health", timeout: 2000 },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode === 200);
        },
      );
      request.once("error", () => resolve(false));
      request.once("timeout", () => request.destroy());
    });
  }

  private launch(): void {
    const { python, dir, mailDir, auth, root } = this.options;
    mkdirSync(path.join(dir, "tmp"), { recursive: true, mode: 0o700 });
    // A socket that a crash left stays until the next one takes its place: whoever connects is refused, and tries again, where
    // without one there is "no such file".
    const child = spawn(python, [path.join(import.meta.dirname, "serve.py"), this.socketPath], {
      // Its own session: a ^C in a terminal is for the server, which then stops this one in order.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env.PATH,
        HOME: dir,
        ...closedSources,
        AWS_ACCESS_KEY_ID: root.accessKeyId,
        AWS_SECRET_ACCESS_KEY: root.secretAccessKey,
        PYTHONUNBUFFERED: "1",
        PERSIST_STATE: "1",
        STATE_DIR: path.join(dir, "state"),
        S3_PERSIST: "1",
        S3_DATA_DIR: path.join(dir, "s3"),
        TMPDIR: path.join(dir, "tmp"),
        MAIL_DIR: mailDir,
        LOG_LEVEL: "WARNING",
        IOT_MTLS_ENABLED: "0",
        SFTP_ENABLED: "0",
        SERVICES: ministackServices.join(),
        ...(auth ? { AUTH: "true" } : {}),
      },
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => this.report(text));
    }
    child.once("error", (error) => this.report(`cannot start ${python}: ${error.message}`));
    child.once("exit", (code, signal) => this.onExit(code, signal));
  }

  private report(text: string): void {
    for (const line of text.split("\n").filter((part) => part.trim() !== "")) {
      this.lastLines = [...this.lastLines, line].slice(-10);
      this.options.log(`ministack: ${line}`);
    }
  }

  private onExit(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.stopping) return;
    this.options.log(`ministack ended (${signal ?? `exit ${code}`}); starting it again`);
    setTimeout(() => {
      if (!this.stopping) this.launch();
    }, restartMs).unref();
  }
}
