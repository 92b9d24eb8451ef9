import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { signalIfThere } from "../../../processes.ts";
import type { JobProcess } from "../../sagemaker/record.ts";
import { LineSplitter } from "../observe/lines.ts";
import { endAllSignal, endStrays, ownerVariable, processStart } from "./processes.ts";

export interface ContainerOptions {
  python: string;
  /** The host's /opt/ml. */
  base: string;
  /** Goes before the command, to prepare what its processes see. */
  prefix: string[];
  env: Record<string, string>;
  /** The job's own entry point and arguments; the toolkit when empty. */
  command: string[];
  onLine: (line: string) => void;
}

/** What has been printed is read well within this; only a process that hid from the end of its host takes longer. */
const drainMs = 5_000;

/** launch.py ends within this, and what is below it first. */
const killMs = 8_000;

/** A shell's exit code for a command that cannot be found. */
const notFoundCode = 127;

export interface ContainerExit {
  /** As a container reports it: 128 + signal for a process that was killed. */
  code: number;
}

/** The processes of one host of a job: launch.py, and all that it started below itself. */
export class Container {
  private readonly child: ChildProcess;
  /** Once the group is gone its number may become somebody else's. */
  private gone = false;
  /** Resolves when the main process has ended, everything it printed has been read and the group is gone. */
  readonly exited: Promise<ContainerExit>;

  constructor(options: ContainerOptions) {
    const launcher = path.join(import.meta.dirname, "launch.py");
    const [command, ...args] = [...options.prefix, options.python, launcher, ...options.command];
    this.child = spawn(command, args, {
      cwd: options.base,
      env: options.env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const splitters = [this.child.stdout, this.child.stderr].map((stream) => {
      const splitter = new LineSplitter(options.onLine);
      stream?.on("data", (chunk: Buffer) => splitter.push(chunk));
      return splitter;
    });
    this.exited = this.waitForExit(splitters, options);
  }

  /** What to write down so that a later start can find and end it. */
  get process(): JobProcess | undefined {
    const { pid } = this.child;
    return pid === undefined ? undefined : { pid, startTicks: processStart(pid) };
  }

  /** Asks all processes of the host to end. */
  terminate(): void {
    this.signal("SIGTERM");
  }

  /** Ends all processes of the host: launch.py finds those that left its group too. */
  kill(): void {
    if (this.child.pid === undefined || this.gone) return;
    signalIfThere(this.child.pid, endAllSignal);
    // It may have been stopped or hurt by the job itself.
    setTimeout(() => this.signal("SIGKILL"), killMs).unref();
  }

  /** Signals the process group of the host. */
  private signal(name: NodeJS.Signals): void {
    if (this.child.pid !== undefined && !this.gone) signalIfThere(-this.child.pid, name);
  }

  private async waitForExit(
    splitters: LineSplitter[],
    { env, onLine }: ContainerOptions,
  ): Promise<ContainerExit> {
    let end: [number | null, NodeJS.Signals | null];
    try {
      end = (await once(this.child, "exit")) as typeof end;
    } catch (error) {
      onLine(`cannot start: ${(error as Error).message}`);
      end = [notFoundCode, null];
    }
    // Whatever the script left running would keep the pipes open, and does not outlive a container.
    this.signal("SIGKILL");
    this.gone = true;
    endStrays(env[ownerVariable] ?? "");
    if (this.child.stdout?.readableEnded === false || this.child.stderr?.readableEnded === false) {
      await Promise.race([once(this.child, "close"), sleep(drainMs, undefined, { ref: false })]);
    }
    for (const splitter of splitters) splitter.end();
    return { code: end[0] ?? 128 + signalNumber(end[1]) };
  }
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return signal === "SIGKILL" ? 9 : signal === "SIGTERM" ? 15 : 1;
}
