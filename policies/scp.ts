#!/usr/bin/env node
// Writes what IAM can enforce of the pack's rules as a policy document, and says what it cannot.
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { iamDocument } from "./iam/document";
import type { PackConfig } from "./lib/settings";
import { rules } from "./rules";

const usage = `usage: policy:scp [--config FILE] [--exempt ARN]... [--out FILE]
  --config FILE  a file for --policy-pack-config, such as examples/policy-config.prod.json
  --exempt ARN   a role or user that the policy leaves alone, for emergencies: arn:aws:iam::*:role/platform-admin
  --out FILE     where the policy goes; standard output by default
`;

function main(): void {
  const { values } = parseArgs({
    options: {
      config: { type: "string" },
      exempt: { type: "string", multiple: true },
      out: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const config: PackConfig =
    values.config === undefined ? {} : JSON.parse(readFileSync(values.config, "utf8"));
  const { policy, comment } = iamDocument(rules, config, values.exempt);
  const text = `${JSON.stringify(policy, null, 2)}\n`;
  if (values.out === undefined) {
    process.stdout.write(text);
  } else {
    writeFileSync(values.out, text);
  }
  // Not part of the policy, which may hold no comments: it goes to standard error.
  process.stderr.write(comment.map((line) => `# ${line}\n`).join(""));
}

try {
  main();
} catch (error) {
  process.stderr.write(`policy:scp: ${(error as Error).message}\n${usage}`);
  process.exitCode = 1;
}
