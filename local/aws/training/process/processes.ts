import { readdirSync, readFileSync } from "node:fs";
import { signalIfThere } from "../../../processes.ts";
import type { JobProcess } from "../../sagemaker/record.ts";

/** The variable that marks every process of a job, whatever session it moved to; its value is {@link ownerMark}. */
export const ownerVariable = "LOCAL_AWS_OWNER";

/** Names a host of a job of one local AWS. */
export const ownerMark = (stateDir: string, job: string, host: string) => `${stateDir}:${job}/${host}`;

/** Makes launch.py end everything below it, and itself. */
export const endAllSignal = "SIGUSR1";
/** launch.py needs a few milliseconds for that. */
const endAllMs = 2_000;

/** When a process started, in clock ticks since boot as Linux tells it; empty where it does not, and for one that has ended. */
export function processStart(pid: number): string {
  try {
    // The name in parentheses may hold spaces; the fields after it do not. Start time is field 22.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? "" : (fields[19] ?? "");
  } catch {
    return "";
  }
}

/**
 * Ends the processes that jobs of a crashed service left behind. Only what is surely ours is touched: a group
 * whose leader started when the record says, and processes whose environment names this state directory.
 */
export function endLeftovers(recorded: JobProcess[], stateDir: string): number {
  const isThere = ({ pid, startTicks }: JobProcess) => startTicks !== "" && processStart(pid) === startTicks;
  const groups = recorded.filter(isThere);
  for (const { pid } of groups) signalIfThere(pid, endAllSignal);
  waitUntil(() => !groups.some(isThere), endAllMs);
  const ended = groups.filter((group) => !isThere(group)).length;
  const marked = marks().filter(({ mark }) => mark.startsWith(`${stateDir}:`));
  return ended + kill([...groups.filter(isThere).map(({ pid }) => -pid), ...marked.map(({ pid }) => pid)]);
}

/** Looks every few milliseconds, without giving way: nothing else may run before the leftovers are gone. */
function waitUntil(condition: () => boolean, limitMs: number): void {
  const deadline = Date.now() + limitMs;
  const pause = new Int32Array(new SharedArrayBuffer(4));
  while (!condition() && Date.now() < deadline) Atomics.wait(pause, 0, 0, 5);
}

/** Ends what a host left running, should launch.py itself have been killed. */
export function endStrays(mark: string): number {
  return kill(
    marks()
      .filter((found) => found.mark === mark)
      .map(({ pid }) => pid),
  );
}

function kill(targets: number[]): number {
  return targets.filter((target) => signalIfThere(target, "SIGKILL")).length;
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
