import { spawn } from "node:child_process";
import { projectDir } from "./paths.ts";
import type { LocalStack } from "./stack.ts";

/** One signal may come twice, sent to the process and to its group, as `timeout` and npm do. */
const sameSignalMs = 1000;

/**
 * Runs `pulumi` with this terminal; resolves with its exit code.
 *
 * SIGTERM and SIGHUP end it as ^C does: the engine gets one SIGINT, and this process waits until it has ended in good
 * order and given its lock back. A second one makes the engine end at once.
 */
export function pulumiInteractive(
  stack: Pick<LocalStack, "engine" | "env">,
  args: string[],
): Promise<number> {
  return new Promise((resolve, reject) => {
    const inTerminal = process.stdout.isTTY === true;
    // The signals of a terminal reach its whole group: ^C is pulumi's already, and the hangup would kill it.
    // Elsewhere pulumi has a group of its own, so that it gets exactly what it is sent from here.
    const ignoringHangup = ["-c", 'trap "" HUP; exec "$0" "$@"', stack.engine.pulumi, ...args];
    const child = spawn("/bin/sh", ignoringHangup, {
      cwd: projectDir,
      env: stack.env,
      stdio: "inherit",
      detached: !inTerminal,
    });
    let last = 0;
    const forward = (signal: NodeJS.Signals) => {
      if ((inTerminal && signal === "SIGINT") || Date.now() - last < sameSignalMs) return;
      last = Date.now();
      child.kill("SIGINT");
    };
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
    for (const signal of signals) process.on(signal, forward);
    child.once("error", reject);
    child.once("close", (code) => {
      for (const signal of signals) process.off(signal, forward);
      resolve(code ?? 1);
    });
  });
}
