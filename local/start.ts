// `npm start`: the main job. Sets up the local stack, runs `pulumi up` with the policy pack, and says where the model is.
import { POLICIES, pulumiLines } from "./deployment.ts";
import { main } from "./main.ts";
import { releaseDeadLocks, selectStack, stackOutputs } from "./pulumi.ts";
import { ensureData, ensureLocalStack, STACK, stackFiles } from "./stack.ts";
import { dropSalt } from "./stackSecrets.ts";

main(async (report) => {
  const stack = await ensureLocalStack(report, (aws) => ensureData(aws, report));
  await selectStack(stack);
  await releaseDeadLocks(stack, report);
  const code = await pulumiLines(stack, ["up", "--yes", "--stack", STACK, ...POLICIES]);
  dropSalt(stackFiles()); // which `up` has written again
  if (code !== 0) return code;

  const { modelArtifact, metrics } = await stackOutputs(stack);
  const { val_accuracy: accuracy } = (metrics ?? {}) as Record<string, number>;
  report("");
  report(`Model artifact  ${modelArtifact}`);
  if (accuracy !== undefined) report(`val_accuracy    ${accuracy}`);
  report("Unpack it with  npm run artifact -- --out DIR");
  report("Serve it with   npm run deploy");
  report(`The local AWS goes on at ${stack.aws.endpoint}; npm run local:stop stops it.`);
  return 0;
});
