import { existsSync, readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { projectDir } from "./paths.ts";
import { isAlive, programOf } from "./processes.ts";
import type { Report } from "./report.ts";
import { run } from "./run.ts";
import { SetupError } from "./setupError.ts";
import { backendDir, type LocalStack, STACK, stackFiles } from "./stack.ts";
import { dropSalt, leaveSharedPassphrase } from "./stackSecrets.ts";

/** Selects the local stack, and makes it the first time. */
export async function selectStack(stack: LocalStack): Promise<void> {
  await leaveSharedPassphrase(stackFiles(), { command: stack.engine.pulumi, env: stack.env, stack: STACK });
  dropSalt(stackFiles());
  const done = await run(stack.engine.pulumi, ["stack", "select", "--create", STACK, "--non-interactive"], {
    cwd: projectDir,
    env: stack.env,
  });
  if (done.code !== 0) throw new SetupError(`pulumi stack select ${STACK} failed:\n${done.output}`);
  dropSalt(stackFiles());
}

/** A deployment that holds the stack's lock. */
export interface Holder {
  pid: number;
  hostname: string;
}

/**
 * Releases the stack where a run that held it was killed. The engine cannot tell such a lock from one
 * that is in use; on this machine the holder's process tells.
 */
export async function releaseDeadLocks(stack: LocalStack, report: Report): Promise<void> {
  const files = lockFiles();
  if (files.length === 0 || (await livingHolders()).length > 0) return;
  report("The last run was killed while it held the stack: releasing its lock.");
  await run(stack.engine.pulumi, ["cancel", "--yes", STACK], { cwd: projectDir, env: stack.env });
}

/** The deployments that hold the local stack and may be running: those of another host cannot be asked. */
export async function livingHolders(): Promise<Holder[]> {
  const holders = lockFiles().map(readHolder);
  const living = await Promise.all(
    holders.map(async (holder) => holder !== undefined && (await lives(holder))),
  );
  return holders.filter((holder, index): holder is Holder => living[index]);
}

function lockFiles(): string[] {
  const dir = path.join(backendDir(), ".pulumi", "locks", "organization", "training", STACK);
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((name) => name.endsWith(".json"))
    .map((name) => path.join(dir, name));
}

/** Undefined for a file that its writer did not finish, as on a full disk, or that is gone. */
function readHolder(file: string): Holder | undefined {
  try {
    const { pid, hostname: host } = JSON.parse(readFileSync(file, "utf8"));
    return Number.isInteger(pid) ? { pid, hostname: String(host) } : undefined;
  } catch {
    return undefined;
  }
}

async function lives({ pid, hostname: host }: Holder): Promise<boolean> {
  if (host !== hostname()) return true;
  if (!isAlive(pid)) return false;
  // After a reboot another program may have the number.
  const program = await programOf(pid);
  return program === undefined || program.startsWith("pulumi");
}

/** The stack's outputs; empty before the first `up`. */
export async function stackOutputs(stack: LocalStack): Promise<Record<string, unknown>> {
  const done = await run(stack.engine.pulumi, ["stack", "output", "--json", "--stack", STACK], {
    cwd: projectDir,
    env: stack.env,
  });
  return done.code === 0 ? JSON.parse(done.stdout) : {};
}
