// `npm run local`, `local:stop`, `local:reset`: the local AWS by itself.
import { rm } from "node:fs/promises";
import { resetLocalAws, stopLocalAws } from "./aws/client.ts";
import { main } from "./main.ts";
import { stateDir } from "./paths.ts";
import { backendDir, ensureData, startLocalAws } from "./stack.ts";

const commands = {
  async start(report: (line: string) => void) {
    const aws = await startLocalAws(report);
    await ensureData(aws, report);
    report(
      `The local AWS answers at ${aws.endpoint}. Put a shell on it with: eval "$(npm run -s local:env)"`,
    );
  },
  async stop(report: (line: string) => void) {
    await stopLocalAws(stateDir);
    report("The local AWS is stopped; its state is kept.");
  },
  async reset(report: (line: string) => void) {
    await resetLocalAws(stateDir);
    await rm(backendDir(), { recursive: true, force: true });
    report("The local AWS and the local stack's state are cleared.");
  },
};

main(async (report) => {
  const command = commands[process.argv[2] as keyof typeof commands];
  if (!command) throw new Error(`usage: node local/local.ts ${Object.keys(commands).join("|")}`);
  await command(report);
  return 0;
});
