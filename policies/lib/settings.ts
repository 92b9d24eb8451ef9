import type { EnforcementLevel, Policies } from "@pulumi/policy";
import { withDefaults } from "./config";

/** What a policy pack configuration file says of one rule. */
export interface Setting {
  level: EnforcementLevel;
  config: Record<string, unknown>;
}

/** The content of a file for `--policy-pack-config`: a level, or settings with or without one, for each rule. */
export type PackConfig = Record<
  string,
  EnforcementLevel | ({ enforcementLevel?: EnforcementLevel } & Record<string, unknown>)
>;

/** What holds for each rule: the file over the level for `all`, over the rule's own defaults. */
export function settingsOf(rules: Policies, file: PackConfig): Map<string, Setting> {
  const unknown = Object.keys(file).filter(
    (name) => name !== "all" && !rules.some((rule) => rule.name === name),
  );
  if (unknown.length > 0) {
    throw new Error(`the configuration names rules that the pack does not have: ${unknown.join(", ")}`);
  }
  const all = parse(file.all).level;
  return new Map(
    rules.map((rule) => {
      const own = parse(file[rule.name]);
      const level = own.level ?? all ?? rule.enforcementLevel ?? "advisory";
      return [rule.name, { level, config: withDefaults(rule.configSchema, own.config) }];
    }),
  );
}

function parse(entry: PackConfig[string] | undefined): {
  level?: EnforcementLevel;
  config: Record<string, unknown>;
} {
  if (typeof entry === "string") {
    return { level: entry, config: {} };
  }
  const { enforcementLevel: level, ...config } = entry ?? {};
  return { level, config };
}
