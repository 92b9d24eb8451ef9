import { existsSync, readdirSync, readFileSync } from "node:fs";
import { tryRun } from "./run.ts";

/** Whether a process of that number exists, whoever's it is. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Signals a process, or a group by its negative number; false when it is gone already, or nobody's to signal. */
export function signalIfThere(target: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(target, name);
  } catch {
    return false;
  }
}

/** Name of the program that a process runs, such as `pulumi`; undefined when it is gone or cannot be asked. */
export async function programOf(pid: number): Promise<string | undefined> {
  const printed = await tryRun("ps", ["-p", String(pid), "-o", "comm="]);
  return printed?.trim().split("/").at(-1) || undefined;
}

/** Whether a process runs something from a folder, as far as can be seen; true where nothing can. */
export async function isInUse(dir: string): Promise<boolean> {
  const inside = `${dir}/`;
  if (existsSync("/proc/self/maps")) {
    const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    // A Python's own file is a link to elsewhere: its arguments and the libraries that it has loaded tell.
    return pids.some((pid) =>
      ["cmdline", "maps"].some((file) => read(`/proc/${pid}/${file}`).includes(inside)),
    );
  }
  const printed = await tryRun("ps", ["-axww", "-o", "command="]);
  return printed === undefined || printed.includes(inside);
}

/** Empty for a process that is gone, or another user's. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
