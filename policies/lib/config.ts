import type { PolicyConfigSchema } from "@pulumi/policy";
import { didYouMean } from "./names";

/**
 * A policy's configuration over the defaults of its schema. The engine fills the defaults in as well, but
 * not every way to run a pack goes through it. Throws for a setting that the policy does not have: a limit that is
 * misspelt is a limit that does not hold.
 */
export function withDefaults<Config extends object>(
  schema: PolicyConfigSchema | undefined,
  config: object,
): Config {
  const [unknown] = unknownSettings(schema, config);
  if (unknown !== undefined) throw new Error(unknown);
  const defaults = Object.entries(schema?.properties ?? {})
    .filter(([, property]) => property.default !== undefined)
    .map(([name, property]) => [name, property.default]);
  return { ...Object.fromEntries(defaults), ...config } as Config;
}

/** A line for each key that is no setting of the policy, with the setting that may be meant. */
export function unknownSettings(schema: PolicyConfigSchema | undefined, config: object): string[] {
  const known = Object.keys(schema?.properties ?? {});
  return Object.keys(config)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const settings = known.length === 0 ? "it has no settings" : `its settings are ${known.join(", ")}`;
      return `there is no setting "${key}"${didYouMean(key, known) || `; ${settings}`}`;
    });
}
