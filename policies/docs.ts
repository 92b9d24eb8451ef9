// Writes the tables of rules into pages of documentation from the rules themselves, or checks that they are up to date.
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Policies, PolicyConfigSchema } from "@pulumi/policy";
import { expressions } from "./iam/expressions";
import { exemptSetting } from "./lib/exempt";
import { moneyRules, safetyRules } from "./rules";

const begin = "<!-- Generated from the rules by `npm run policy:docs`. Change the rules, not this part. -->";
const end = "<!-- End of the generated part. -->";

/** The generated part of the page: a table of all rules, and a section with the settings of each. */
export function rulesMarkdown(): string {
  const groups: [string, Policies][] = [
    ["What training may cost", moneyRules],
    ["What training must keep, and must not give away", safetyRules],
  ];
  return groups.map(([title, rules]) => `### ${title}\n\n${table(rules)}\n\n${settings(rules)}`).join("\n\n");
}

/** The page with its generated part renewed. */
export function withRules(page: string): string {
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) {
    throw new Error(`the page has no part between "${begin}" and "${end}"`);
  }
  return `${before}${begin}\n\n${rulesMarkdown()}\n\n${end}${after}`;
}

function table(rules: Policies): string {
  const rows = rules.map((rule) => [
    `\`${rule.name}\``,
    rule.description,
    rule.enforcementLevel ?? "advisory",
    "remediateResource" in rule && rule.remediateResource !== undefined ? "yes" : "",
    inIam(rule.name),
  ]);
  return markdownTable(["Rule", "What it asks for", "Level", "Remedy", "In IAM"], rows);
}

function inIam(name: string): string {
  const { denials, remains } = expressions[name] ?? {};
  if (denials === undefined) {
    return "";
  }
  return remains === undefined ? "yes" : "in part";
}

function settings(rules: Policies): string {
  const rows = rules.flatMap(({ name, configSchema }) =>
    settingsOf(configSchema).map(([setting, { default: value, description = "", minimum, maximum }]) => {
      const range = [
        minimum === undefined ? "" : `at least ${minimum}`,
        maximum === undefined ? "" : `at most ${maximum}`,
      ].filter((part) => part !== "");
      const limits = range.length === 0 ? "" : ` (${range.join(", ")})`;
      return [`\`${name}\``, `\`${setting}\``, `${code(value)}${limits}`, description];
    }),
  );
  return markdownTable(["Rule", "Setting", "Default", "Meaning"], rows);
}

/** The settings of a rule, without the one that all rules have: the page tells of it once. */
function settingsOf(schema: PolicyConfigSchema | undefined) {
  return Object.entries(schema?.properties ?? {}).filter(([setting]) => setting !== exemptSetting);
}

/** A table with columns of one width, as the formatter of the project wants it. */
function markdownTable(head: string[], rows: string[][]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: string[], fill = " ") =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(" | ")} |`;
  return [
    line(head),
    line(
      head.map(() => ""),
      "-",
    ),
    ...rows.map((row) => line(row)),
  ].join("\n");
}

function code(value: unknown): string {
  return `\`${JSON.stringify(value)}\``.replaceAll(",", ", ");
}

function main(): void {
  const { values, positionals: files } = parseArgs({
    options: { check: { type: "boolean" } },
    allowPositionals: true,
  });
  if (files.length === 0) {
    throw new Error("usage: policy:docs [--check] FILE...");
  }
  for (const file of files) {
    const page = readFileSync(file, "utf8");
    const renewed = withRules(page);
    if (values.check !== true) {
      writeFileSync(file, renewed);
    } else if (page !== renewed) {
      throw new Error(`${file} does not match the rules: run npm run policy:docs`);
    }
  }
}

if (require.main === module) {
  try {
    main();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
