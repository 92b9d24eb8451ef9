// `eval "$(npm run -s local:env)"`: puts a shell on the local stack.
import { main } from "./main.ts";
import { selectStack } from "./pulumi.ts";
import { pathLine, shellLines } from "./shellLines.ts";
import { ensureData, ensureLocalStack, foreignVariables, stackVariables } from "./stack.ts";

main(async (report) => {
  const stack = await ensureLocalStack(report, (aws) => ensureData(aws, report));
  await selectStack(stack);
  const { binDirs, env } = stack.engine;
  const variables = { ...env, ...stackVariables(stack.aws) };
  const lines = [...shellLines(variables, foreignVariables(process.env, variables)), pathLine(binDirs)];
  process.stdout.write(`${lines.join("\n")}\n`);
  return 0;
});
