import { spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { projectDir } from "./paths.ts";
import type { Report } from "./report.ts";
import { run } from "./run.ts";
import { SetupError } from "./setupError.ts";
import { backendDir, type LocalStack, STACK, stackFiles } from "./stack.ts";
import { dropSalt, leaveSharedPassphrase } from "./stackSecrets.ts";

/** Runs `pulumi` with this terminal; resolves with its exit code. */
export function pulumiInteractive(stack: LocalStack, args: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(stack.engine.pulumi, args, { cwd: projectDir, env: stack.env, stdio: "inherit" });
    // ^C reaches pulumi too, which ends in good order: wait for it.
    const ignore = () => {};
    process.on("SIGINT", ignore);
    child.once("error", reject);
    child.once("close", (code) => {
      process.off("SIGINT", ignore);
      resolve(code ?? 1);
    });
  });
}

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

/**
 * Releases the stack where a run that held it was killed (a closed terminal is enough). The engine cannot tell such a lock from one
 * that is in use; on this machine the holder's process tells.
 */
export async function releaseDeadLocks(stack: LocalStack, report: Report): Promise<void> {
  const dir = path.join(backendDir(), ".pulumi", "locks", "organization", "training", STACK);
  const files = (await readdir(dir).catch((): string[] => [])).filter((file) => file.endsWith(".json"));
  const holders = await Promise.all(
    files.map(async (file) => JSON.parse(await readFile(path.join(dir, file), "utf8")) as LockHolder),
  );
  if (holders.length === 0 || holders.some(isAlive)) return;
  report("The last run was killed while it held the stack: releasing its lock.");
  await run(stack.engine.pulumi, ["cancel", "--yes", STACK], { cwd: projectDir, env: stack.env });
}

interface LockHolder {
  pid: number;
  hostname: string;
}

function isAlive({ pid, hostname: host }: LockHolder): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The stack's outputs; empty before the first `up`. */
export async function stackOutputs(stack: LocalStack): Promise<Record<string, unknown>> {
  const done = await run(stack.engine.pulumi, ["stack", "output", "--json", "--stack", STACK], {
    cwd: projectDir,
    env: stack.env,
  });
  return done.code === 0 ? JSON.parse(done.stdout) : {};
}
