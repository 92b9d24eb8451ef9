import { POLICIES, pulumiLines } from "./deployment.ts";
import { releaseDeadLocks, selectStack, stackOutputs } from "./pulumi.ts";
import type { Report } from "./report.ts";
import { SetupError } from "./setupError.ts";
import { DEPLOY, ensureLocalStack, STACK, stackFiles } from "./stack.ts";
import { dropSalt } from "./stackSecrets.ts";

/** Serves the model of the stack `local`, or takes down what serves it; resolves with the exit code of `pulumi`. */
export async function deployLocally(report: Report, { destroy }: { destroy: boolean }): Promise<number> {
  const stack = await ensureLocalStack(report);
  if (!destroy && !(await stackOutputs(stack)).model) {
    throw new SetupError(`The stack ${STACK} has no model yet: run \`npm start\` first.`);
  }
  await selectStack(stack, DEPLOY);
  await releaseDeadLocks(stack, report, DEPLOY);
  const command = destroy ? ["destroy", "--yes"] : ["up", "--yes", ...POLICIES];
  const code = await pulumiLines(stack, [...command, "--stack", STACK], DEPLOY.dir);
  dropSalt(stackFiles(DEPLOY)); // which the deployment has written again
  const { endpointName, modelInService } = await stackOutputs(stack, DEPLOY);
  const model = modelInService as { trainingJobName: string; artifact: string } | undefined;
  if (destroy || !model) return code;
  report("");
  report(`Endpoint          ${endpointName}`);
  report(`Model in service  ${model.trainingJobName}, ${model.artifact}`);
  report("Ask it with       npm run predict -- IMAGE...");
  return code;
}
