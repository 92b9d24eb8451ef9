// `eval "$(npm run -s local:env)"`: puts a shell on the local stack.
import path from "node:path";
import { main } from "./main.ts";
import { selectStack } from "./pulumi.ts";
import { ensureData, ensureLocalStack, foreignVariables, stackVariables } from "./stack.ts";

main(async (report) => {
  const stack = await ensureLocalStack(report);
  await ensureData(stack.aws, report);
  await selectStack(stack);
  const { binDirs, env } = stack.engine;
  const quote = (value: string) => `'${value.replaceAll("'", `'\\''`)}'`;
  const variables = { ...env, ...stackVariables(stack.aws) };
  const lines = [
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${quote(value)}`),
    `export PATH=${quote(binDirs.join(path.delimiter))}${path.delimiter}"$PATH"`,
    `unset ${foreignVariables(process.env, variables).join(" ")}`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  return 0;
});
