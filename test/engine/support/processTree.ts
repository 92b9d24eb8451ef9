import { execFile } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { isAlive } from "../../../local/processes.ts";

export interface Process {
  pid: number;
  command: string;
}

/** Every process that this one started, and those that they started. */
export async function descendants(root: number): Promise<Process[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid=,args="], {
    maxBuffer: 64 * 1024 * 1024,
  });
  const all = stdout.split("\n").flatMap((line) => {
    const [, pid, parent, command = ""] = /^ *(\d+) +(\d+) +(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
  const below = (parent: number): Process[] =>
    all
      .filter((each) => each.parent === parent)
      .flatMap(({ pid, command }) => [{ pid, command }, ...below(pid)]);
  return below(root);
}

/** Resolves when the process has ended. */
export async function ended(pid: number, command: string): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (isAlive(pid)) {
    if (Date.now() > deadline) throw new Error(`${pid} goes on: ${command}`);
    await delay(100);
  }
}
