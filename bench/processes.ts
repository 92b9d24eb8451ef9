// What the processes of a deployment take, as Linux tells it.
import { readdirSync, readFileSync } from "node:fs";

export interface Process {
  parent: number;
  kilobytes: number;
  /** Of all its threads, user and system. */
  cpuSeconds: number;
  command: string;
}

const TICKS_PER_SECOND = 100;

export function processes(): Map<number, Process> {
  const found = new Map<number, Process>();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      // After the name, which is in brackets and may hold anything: state, parent, ...
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      found.set(Number(pid), {
        parent: Number(fields[1]),
        cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
        kilobytes: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0),
        command: readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " "),
      });
    } catch {
      // it has ended
    }
  }
  return found;
}

/** The process and all below it. */
export function below(root: number, all = processes()): [number, Process][] {
  const isBelow = (pid: number): boolean => {
    for (let at = pid; at > 1; at = all.get(at)?.parent ?? 0) if (at === root) return true;
    return false;
  };
  return [...all].filter(([pid]) => isBelow(pid));
}

export const roles = [
  "engine",
  "language host",
  "program",
  "AWS provider",
  "dynamic provider",
  "policy pack",
  "others",
] as const;
export type Role = (typeof roles)[number];

/** What a process of a deployment is. */
export function roleOf(command: string): Role {
  if (/run-policy-pack/.test(command)) return "policy pack";
  if (/dynamic-?provider|resource-pulumi-nodejs/i.test(command)) return "dynamic provider";
  if (/cmd\/run\b/.test(command)) return "program";
  if (/language-?host|language-nodejs/i.test(command)) return "language host";
  if (/resource-aws|local\/provider/.test(command)) return "AWS provider";
  return /^\S*pulumi\b/.test(command) ? "engine" : "others";
}

/** Looks at the processes of a command while it runs, every `everyMs`. */
export async function observed<T>(
  root: number,
  everyMs: number,
  look: (found: [number, Process][]) => void,
  work: () => Promise<T>,
): Promise<T> {
  const timer = setInterval(() => look(below(root)), everyMs);
  return work().finally(() => clearInterval(timer));
}
