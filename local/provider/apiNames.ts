/** AWS APIs write `VolumeSizeInGB` where @pulumi/aws writes `volumeSizeInGb`: renames properties, at every depth. */

import { isObject, type Values, withoutAbsent } from "./values.ts";

/**
 * API name -> Pulumi name, where lowering the first letter is not enough.
 * A name with `[]` is a list of one in Pulumi and an object in the API.
 */
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

const listMark = /\[\]$/;

/** Pulumi's names -> the API's. */
export function toApi(value: object, names: Names = {}): Values {
  const byPulumiName = new Map(
    Object.entries(names).map(([api, pulumi]) => [pulumi.replace(listMark, ""), api]),
  );
  return rename(withoutAbsent(value), (name, item) => {
    const api = byPulumiName.get(name) ?? capitalised(name);
    const isListOfOne = listMark.test(names[api] ?? "") && Array.isArray(item);
    return [api, isListOfOne ? item[0] : item];
  }) as Values;
}

/** The API's names -> Pulumi's. Times become RFC 3339 text. */
export function fromApi(value: object | undefined, names: Names = {}): Values {
  return rename(withoutAbsent(value ?? {}), (name, item) => {
    const pulumi = names[name] ?? uncapitalised(name);
    return listMark.test(pulumi) ? [pulumi.replace(listMark, ""), [item]] : [pulumi, item];
  }) as Values;
}

type Renaming = (name: string, item: unknown) => [name: string, item: unknown];

function rename(value: unknown, renaming: Renaming): unknown {
  if (value instanceof Date) return value.toISOString().replace(/\.\d+Z$/, "Z");
  if (Array.isArray(value)) return value.map((item) => rename(item, renaming));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    own(value).map(([name, item]) => {
      const [newName, newItem] = renaming(name, item);
      return [newName, userMaps.has(capitalised(name)) ? newItem : rename(newItem, renaming)];
    }),
  );
}

/** Without what only Pulumi knows (`__defaults`). */
function own(value: Values): [name: string, item: unknown][] {
  return Object.entries(value).filter(([name]) => !name.startsWith("__"));
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function uncapitalised(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
