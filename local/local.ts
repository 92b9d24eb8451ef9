// `npm run local`, `local:stop`, `local:reset`: the local AWS by itself.
import { rm } from "node:fs/promises";
import { hostname } from "node:os";
import { parseArgs } from "node:util";
import { resetLocalAws, stopLocalAws } from "./aws/client.ts";
import { describe, endDeployments, lookInside } from "./inside.ts";
import { main } from "./main.ts";
import { stateDir } from "./paths.ts";
import { environmentProblems } from "./python/environment.ts";
import { ministack, training } from "./python/python.ts";
import type { Report } from "./report.ts";
import { SetupError } from "./setupError.ts";
import { backendDir, ensureData, startLocalAws } from "./stack.ts";

const commands = {
  async start(report: Report) {
    const missing = await environmentProblems([training, ministack], process.env);
    if (missing.length > 0) throw new SetupError(missing.join("\n"));
    const aws = await startLocalAws(report);
    await ensureData(aws, report);
    report(
      `The local AWS answers at ${aws.endpoint}. Put a shell on it with: eval "$(npm run -s local:env)"`,
    );
  },

  async stop(report: Report) {
    const { deployments, jobs } = await lookInside();
    for (const { pid } of deployments) {
      report(`A deployment works on the local stack (pulumi, process ${pid}): it goes on without an AWS.`);
    }
    if (jobs.length > 0) report(`Stopping ${jobs.join(", ")}, which will end as Stopped ...`);
    await stopLocalAws(stateDir);
    report("The local AWS is stopped; its state is kept.");
  },

  async reset(report: Report, { force }: { force: boolean }) {
    const inside = await lookInside();
    const words = describe(inside);
    if (words && !force) {
      throw new SetupError(
        `Nothing was cleared: in the local stack runs ${words}. Let it end, or end it and clear all: npm run local:reset -- --force`,
      );
    }
    if (words) report(`Ending ${words} ...`);
    await endDeployments(inside.deployments.filter((holder) => holder.hostname === hostname()));
    await resetLocalAws(stateDir);
    await rm(backendDir(), { recursive: true, force: true });
    report("The local AWS and the local stack's state are cleared.");
  },
};

main(async (report) => {
  const { values, positionals } = parseArgs({
    options: { force: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const command = commands[positionals[0] as keyof typeof commands];
  if (!command) throw new SetupError(`usage: node local/local.ts ${Object.keys(commands).join("|")}`);
  await command(report, values);
  return 0;
});
