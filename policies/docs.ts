// Writes the tables of rules into pages of documentation from the rules themselves, or checks that they are up to date.
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Policies, PolicyConfigSchema } from "@pulumi/policy";
import { expressions } from "./iam/expressions";
import { exemptSetting } from "./lib/exempt";
import { outOfScope } from "./outOfScope";
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

const beginTypes = "<!-- Generated from policies/outOfScope.ts by `npm run policy:docs`. -->";
const endTypes = "<!-- End of the generated types. -->";

/** The types that no rule looks at, by the reason. */
function typesMarkdown(): string {
  return outOfScope
    .map(
      ({ reason, types }) => `- Each of these ${reason}: ${types.map((type) => `\`${type}\``).join(", ")}.`,
    )
    .join("\n");
}

/** The page with its generated parts renewed. The package's own page has the rules only. */
export function withRules(page: string): string {
  const withTables = renewed(page, begin, rulesMarkdown(), end);
  return page.includes(beginTypes) ? renewed(withTables, beginTypes, typesMarkdown(), endTypes) : withTables;
}

function renewed(page: string, from: string, text: string, to: string): string {
  const [before, rest] = page.split(from);
  const after = rest?.split(to)[1];
  if (before === undefined || after === undefined) {
    throw new Error(`the page has no part between "${from}" and "${to}"`);
  }
  return `${before}${from}\n\n${text}\n\n${to}${after}`;
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
