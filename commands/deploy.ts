// `npm run deploy -- [--stack NAME] [--destroy] [--yes]`: serves the training stack's model on an endpoint, or takes that down.
import { spawn } from "node:child_process";
import { deployLocally } from "../local/deploy.ts";
import { main } from "../local/main.ts";
import { DEPLOY } from "../local/stack.ts";
import { enterBackend, isLocal, stackArguments } from "./stack.ts";

main(async (report) => {
  const { stack, destroy, yes } = stackArguments({
    destroy: { type: "boolean", default: false },
    /** On AWS Pulumi asks before it changes anything. */
    yes: { type: "boolean", default: false },
  });
  if (isLocal(stack)) return deployLocally(report, { destroy });
  const pulumi = await enterBackend(false, report);
  if (!destroy) {
    const code = await inTerminal(pulumi, ["stack", "select", "--create", stack]);
    if (code !== 0) return code;
  }
  return inTerminal(pulumi, [destroy ? "destroy" : "up", "--stack", stack, ...(yes ? ["--yes"] : [])]);
});

/** Runs pulumi on the deploy program with this terminal, ^C included; resolves with its exit code. */
function inTerminal(pulumi: string, args: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(pulumi, args, { cwd: DEPLOY.dir, stdio: "inherit" });
    // The terminal sends it to both, and the deployment ends in its own way; one sent to this process alone is passed on.
    const wait = () => undefined;
    const pass = (signal: NodeJS.Signals) => child.kill(signal);
    process.on("SIGINT", wait).on("SIGTERM", pass);
    child.once("error", reject);
    child.once("close", (code) => {
      process.off("SIGINT", wait).off("SIGTERM", pass);
      resolve(code ?? 1);
    });
  });
}
