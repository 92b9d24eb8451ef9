import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";

/** Milliseconds a child has to end after SIGTERM before it is killed. */
const graceMs = 2_000;

export interface Ended {
  /** Exit code; undefined when a signal ended the process. */
  code: number | undefined;
  signal: NodeJS.Signals | undefined;
}

export interface Child {
  /** Settles once the process is gone and all its output was handed over. Rejects when it cannot be started. */
  ended: Promise<Ended>;
  /** Asks the process to end, and kills it after a grace period. */
  end: () => void;
}

export interface Output {
  stdout: (chunk: Buffer) => void;
  stderr: (chunk: Buffer) => void;
}

const running = new Set<ChildProcess>();

/**
 * Starts a process in this process's group, so that the signals which the engine sends to the group of its
 * language host reach the program too.
 */
export function startChild(
  command: string,
  args: string[],
  options: Pick<SpawnOptions, "cwd" | "env">,
  output: Output,
): Child {
  const child = spawn(command, args, {
    ...options,
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  child.stdout.on("data", output.stdout);
  child.stderr.on("data", output.stderr);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code: code ?? undefined, signal: signal ?? undefined }));
  }).finally(() => running.delete(child));
  return { ended, end: () => endGently(child) };
}

function endGently(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
  child.once("exit", () => clearTimeout(timer));
}

/** Ends every child; for the moment when this process ends itself. */
export async function endAllChildren(): Promise<void> {
  const gone = [...running].map((child) => new Promise((resolve) => child.once("exit", resolve)));
  for (const child of running) endGently(child);
  await Promise.all(gone);
}
