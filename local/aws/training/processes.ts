import { readdirSync, readFileSync } from "node:fs";
import type { JobProcess } from "../sagemaker/record.ts";

/** The variable that marks every process of a job; its value is the state directory. */
export const ownerVariable = "LOCAL_AWS_OWNER";

/** When a process started, in clock ticks since boot as Linux tells it; empty where it does not. */
export function processStart(pid: number): string {
  try {
    // The name in parentheses may hold spaces; the fields after it do not. Start time is field 22.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

/**
 * Ends the processes that jobs of a crashed service left behind. Only what is surely ours is touched: a group
 * whose leader started when the record says, and processes whose environment names this state directory.
 */
export function endLeftovers(recorded: JobProcess[], owner: string): number {
  const ours = new Set<number>();
  for (const { pid, startTicks } of recorded) {
    if (startTicks !== "" && processStart(pid) === startTicks) ours.add(-pid);
  }
  for (const pid of processesOf(owner)) ours.add(pid);
  let ended = 0;
  for (const target of ours) {
    try {
      process.kill(target, "SIGKILL");
      ended += 1;
    } catch {
      // It ended by itself, or with its group.
    }
  }
  return ended;
}

/** Processes whose environment says that they belong to `owner`. */
function processesOf(owner: string): number[] {
  const marker = `${ownerVariable}=${owner}`;
  let entries: string[];
  try {
    entries = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return []; // no /proc here
  }
  return entries
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(marker);
      } catch {
        return false; // not ours to read, or gone
      }
    })
    .map(Number);
}
