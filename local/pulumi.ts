import { existsSync, readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { isAlive, programOf } from "./processes.ts";
import type { Report } from "./report.ts";
import { run } from "./run.ts";
import { SetupError } from "./setupError.ts";
import { backendDir, DEPLOY, type LocalStack, type Project, STACK, stackFiles, TRAINING } from "./stack.ts";
import { dropSalt, leaveSharedPassphrase } from "./stackSecrets.ts";

/** Selects a project's local stack, and makes it the first time. */
export async function selectStack(stack: LocalStack, project = TRAINING): Promise<void> {
  const files = stackFiles(project);
  await leaveSharedPassphrase(files, { command: stack.engine.pulumi, env: stack.env, stack: STACK });
  dropSalt(files);
  const done = await run(stack.engine.pulumi, ["stack", "select", "--create", STACK, "--non-interactive"], {
    cwd: project.dir,
    env: stack.env,
  });
  if (done.code !== 0) throw new SetupError(`pulumi stack select ${STACK} failed:\n${done.output}`);
  dropSalt(files);
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
export async function releaseDeadLocks(stack: LocalStack, report: Report, project = TRAINING): Promise<void> {
  const files = lockFiles(project);
  if (files.length === 0 || (await livingHolders([project])).length > 0) return;
  report("The last run was killed while it held the stack: releasing its lock.");
  await run(stack.engine.pulumi, ["cancel", "--yes", STACK], { cwd: project.dir, env: stack.env });
}

/** The deployments that hold the local stack and may be running: those of another host cannot be asked. */
export async function livingHolders(projects: Project[] = [TRAINING, DEPLOY]): Promise<Holder[]> {
  const holders = projects.flatMap(lockFiles).map(readHolder);
  const living = await Promise.all(
    holders.map(async (holder) => holder !== undefined && (await lives(holder))),
  );
  return holders.filter((holder, index): holder is Holder => living[index]);
}

function lockFiles({ name }: Project): string[] {
  const dir = path.join(backendDir(), ".pulumi", "locks", "organization", name, STACK);
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
export async function stackOutputs(stack: LocalStack, project = TRAINING): Promise<Record<string, unknown>> {
  const done = await run(stack.engine.pulumi, ["stack", "output", "--json", "--stack", STACK], {
    cwd: project.dir,
    env: stack.env,
  });
  return done.code === 0 ? JSON.parse(done.stdout) : {};
}
