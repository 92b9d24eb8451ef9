import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { DeploymentLines, printable } from "./lines.ts";
import { projectDir } from "./paths.ts";
import type { LocalStack } from "./stack.ts";

/** The guardrails of a deployment to the local stack. */
export const POLICIES = [
  "--policy-pack",
  path.join(projectDir, "policies"),
  "--policy-pack-config",
  path.join(projectDir, "policies", "examples", "policy-config.dev.json"),
];

/** One signal may come twice, sent to the process and to its group, as `timeout` and npm do. */
const sameSignalMs = 1000;

/**
 * Runs a deployment with `pulumi` and shows its lines; resolves with its exit code. `cwd`: the project's folder. Default: this process's.
 *
 * ^C, SIGTERM, and SIGHUP when the terminal is closed, end it in one way: the engine gets one SIGINT, and this process waits until it
 * has ended in good order and given its lock back. A second one makes the engine end at once.
 */
export function pulumiLines(
  stack: Pick<LocalStack, "engine" | "env">,
  args: string[],
  cwd?: string,
): Promise<number> {
  return new Promise((resolve, reject) => {
    // In a session of its own it has no terminal that could hang up, and gets exactly the signals that it is sent from here.
    const child = spawn(stack.engine.pulumi, [...args, "--non-interactive", "--suppress-progress"], {
      cwd,
      env: stack.env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    // A terminal that was closed takes no more lines, and the deployment has yet to end.
    for (const output of [process.stdout, process.stderr]) output.on("error", () => undefined);
    const lines = new DeploymentLines();
    const shown = Promise.all([
      pass(child.stdout, process.stdout, (line) => lines.of(line)),
      pass(child.stderr, process.stderr, (line) => [line]),
    ]);
    let last = 0;
    const forward = () => {
      if (Date.now() - last < sameSignalMs) return;
      last = Date.now();
      child.kill("SIGINT");
    };
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
    for (const signal of signals) process.on(signal, forward);
    child.once("error", reject);
    child.once("close", async (code) => {
      await shown;
      for (const signal of signals) process.off(signal, forward);
      resolve(code ?? 1);
    });
  });
}

async function pass(from: Readable, to: NodeJS.WritableStream, shown: (line: string) => string[]) {
  for await (const line of createInterface({ input: from })) {
    for (const each of shown(printable(line))) to.write(`${each}\n`);
  }
}
