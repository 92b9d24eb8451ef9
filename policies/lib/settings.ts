import type { EnforcementLevel, Policies, PolicyConfigSchema } from "@pulumi/policy";
import { unknownSettings, withDefaults } from "./config";
import { didYouMean } from "./names";

/** What a policy pack configuration file says of one rule. */
export interface Setting {
  level: EnforcementLevel;
  config: Record<string, unknown>;
}

/**
 * The content of a file for `--policy-pack-config`: a level, or settings with or without one, for each rule; a level for
 * `all`; and `environments`, names of Pulumi ESC environments, which the engine reads and the rules never see.
 */
export type PackConfig = Record<string, unknown>;

/** Says what is wrong with the settings of one rule, a line each: the JSON schema of the rule decides. */
export type CheckValues = (schema: PolicyConfigSchema, config: object) => string[];

const levels: readonly EnforcementLevel[] = ["advisory", "mandatory", "remediate", "disabled"];

/** A configuration that cannot hold as it is written. Its message has a line for each fault. */
export class ConfigurationError extends Error {
  constructor(faults: string[]) {
    super(
      ["the configuration of the policy pack is wrong:", ...faults.map((fault) => `- ${fault}`)].join("\n"),
    );
    this.name = "ConfigurationError";
  }
}

/**
 * What holds for each rule: the file over the level for `all`, over the rule's own defaults. Throws a ConfigurationError
 * that lists every rule, level and setting that does not exist, with the name that may be meant.
 *
 * @param file the parsed file, or what the engine made of it
 * @param checkValues looks at the values of the settings; left out where the engine has done so
 */
export function settingsOf(rules: Policies, file: unknown, checkValues?: CheckValues): Map<string, Setting> {
  if (!isObject(file)) throw new ConfigurationError(["it must be an object with the names of rules as keys"]);
  const { environments, all, ...own } = file;
  const faults: string[] = [];
  const entries = new Map(Object.entries(own).map(([name, entry]) => [name, parse(name, entry, faults)]));
  const everywhere = parse("all", all, faults);
  const names = rules.map(({ name }) => name);

  if (environments !== undefined && !isTextList(environments)) {
    faults.push(`"environments" must be a list of names of Pulumi ESC environments`);
  }
  for (const setting of Object.keys(everywhere.config)) {
    faults.push(`"all" takes a level only: "${setting}" belongs to the rule that has it`);
  }
  for (const name of entries.keys()) {
    if (!names.includes(name))
      faults.push(`there is no rule "${name}"${didYouMean(name, [...names, "all"])}`);
  }
  for (const rule of rules) {
    const config = entries.get(rule.name)?.config;
    if (config === undefined) continue;
    const schema = rule.configSchema ?? { properties: {} };
    const unknown = unknownSettings(schema, config);
    const wrong = unknown.length > 0 ? unknown : (checkValues?.(schema, config) ?? []);
    faults.push(...wrong.map((fault) => `${rule.name}: ${fault}`));
  }
  if (faults.length > 0) throw new ConfigurationError(faults);

  return new Map(
    rules.map((rule) => {
      const { level, config = {} } = entries.get(rule.name) ?? {};
      return [
        rule.name,
        {
          level: level ?? everywhere.level ?? rule.enforcementLevel ?? "advisory",
          config: withDefaults(rule.configSchema, config),
        },
      ];
    }),
  );
}

function parse(name: string, entry: unknown, faults: string[]): { level?: EnforcementLevel; config: object } {
  if (entry === undefined) return { config: {} };
  if (typeof entry !== "string" && !isObject(entry)) {
    faults.push(`${name} must be a level or an object with settings, not ${JSON.stringify(entry)}`);
    return { config: {} };
  }
  const { enforcementLevel: level, ...config } = isObject(entry) ? entry : { enforcementLevel: entry };
  if (level === undefined || levels.includes(level as EnforcementLevel)) {
    return { level: level as EnforcementLevel | undefined, config };
  }
  const given = String(level);
  const meant = didYouMean(given, levels) || `; the levels are ${levels.join(", ")}`;
  faults.push(`${name}: ${JSON.stringify(level)} is no level${meant}`);
  return { config };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isTextList = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === "string");
