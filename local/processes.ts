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

/** Name of the program that a process runs, such as `pulumi`; undefined when it is gone or cannot be asked. */
export async function programOf(pid: number): Promise<string | undefined> {
  const printed = await tryRun("ps", ["-p", String(pid), "-o", "comm="]);
  return printed?.trim().split("/").at(-1) || undefined;
}
