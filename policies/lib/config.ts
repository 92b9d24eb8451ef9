import type { PolicyConfigSchema } from "@pulumi/policy";

/**
 * A policy's configuration over the defaults of its schema. The engine fills the defaults in as well, but
 * not every way to run a pack goes through it.
 */
export function withDefaults<Config extends object>(
  schema: PolicyConfigSchema | undefined,
  config: object,
): Config {
  const defaults = Object.entries(schema?.properties ?? {})
    .filter(([, property]) => property.default !== undefined)
    .map(([name, property]) => [name, property.default]);
  return { ...Object.fromEntries(defaults), ...config } as Config;
}
