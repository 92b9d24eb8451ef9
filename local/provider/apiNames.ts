/** AWS APIs write `VolumeSizeInGB` where @pulumi/aws writes `volumeSizeInGb`: renames properties, at every depth. */

import { isObject, type Values, withoutAbsent } from "./values.ts";

/** API name -> Pulumi name, where lowering the first letter is not enough. */
export type Names = Readonly<Record<string, string>>;

/** Maps whose keys are the user's own: their API names. */
const userMaps: ReadonlySet<string> = new Set([
  "CollectionParameters",
  "Environment",
  "HookParameters",
  "HyperParameters",
  "ProfilingParameters",
  "RuleParameters",
]);

/** Pulumi's names -> the API's. */
export function toApi(value: object, names: Names = {}): Values {
  const byPulumiName = new Map(Object.entries(names).map(([api, pulumi]) => [pulumi, api]));
  return rename(withoutAbsent(value), (name) => byPulumiName.get(name) ?? capitalised(name)) as Values;
}

/** The API's names -> Pulumi's. Times become RFC 3339 text. */
export function fromApi(value: object | undefined, names: Names = {}): Values {
  return rename(withoutAbsent(value ?? {}), (name) => names[name] ?? uncapitalised(name)) as Values;
}

function rename(value: unknown, naming: (name: string) => string): unknown {
  if (value instanceof Date) return value.toISOString().replace(/\.\d+Z$/, "Z");
  if (Array.isArray(value)) return value.map((item) => rename(item, naming));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const keep = userMaps.has(capitalised(name));
      return [naming(name), keep ? item : rename(item, naming)];
    }),
  );
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function uncapitalised(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
