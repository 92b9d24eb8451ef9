import { readdirSync, readFileSync } from "node:fs";
import type { JobProcess } from "../../sagemaker/record.ts";

/** The variable that marks every process of a job, whatever session it moved to; its value is {@link ownerMark}. */
export const ownerVariable = "LOCAL_AWS_OWNER";

/** Names a host of a job of one local AWS. */
export const ownerMark = (stateDir: string, job: string, host: string) => `${stateDir}:${job}/${host}`;

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
export function endLeftovers(recorded: JobProcess[], stateDir: string): number {
  const groups = recorded.filter(
    ({ pid, startTicks }) => startTicks !== "" && processStart(pid) === startTicks,
  );
  const marked = marks().filter(({ mark }) => mark.startsWith(`${stateDir}:`));
  return kill([...groups.map(({ pid }) => -pid), ...marked.map(({ pid }) => pid)]);
}

/** Ends what a host left running outside its process group, as the end of a container would. */
export function endStrays(mark: string): number {
  return kill(
    marks()
      .filter((found) => found.mark === mark)
      .map(({ pid }) => pid),
  );
}

function kill(targets: number[]): number {
  let ended = 0;
  for (const target of targets) {
    try {
      process.kill(target, "SIGKILL");
      ended += 1;
    } catch {
      // It ended by itself, or with its group.
    }
  }
  return ended;
}

/** All processes with an owner's mark; none where there is no /proc. */
function marks(): { pid: number; mark: string }[] {
  let names: string[];
  try {
    names = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
  return names.flatMap((pid) => {
    const mark = readMark(pid);
    return mark === undefined ? [] : { pid: Number(pid), mark };
  });
}

function readMark(pid: string): string | undefined {
  const prefix = `${ownerVariable}=`;
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    return variables.find((variable) => variable.startsWith(prefix))?.slice(prefix.length);
  } catch {
    return undefined; // not ours to read, or gone
  }
}
