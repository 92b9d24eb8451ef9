import { spawn } from "node:child_process";
import { projectDir } from "./paths.ts";
import { run } from "./run.ts";
import { SetupError } from "./setupError.ts";
import { type LocalStack, STACK } from "./stack.ts";

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
  const done = await run(stack.engine.pulumi, ["stack", "select", "--create", STACK, "--non-interactive"], {
    cwd: projectDir,
    env: stack.env,
  });
  if (done.code !== 0) throw new SetupError(`pulumi stack select ${STACK} failed:\n${done.output}`);
}

/** The stack's outputs; empty before the first `up`. */
export async function stackOutputs(stack: LocalStack): Promise<Record<string, unknown>> {
  const done = await run(stack.engine.pulumi, ["stack", "output", "--json", "--stack", STACK], {
    cwd: projectDir,
    env: stack.env,
  });
  return done.code === 0 ? JSON.parse(done.stdout) : {};
}
