import { Unreadable } from "./unreadable";

/** The properties of a resource, as a policy sees them. */
export type Properties = Record<string, unknown>;

/**
 * A list as the policy SDK hands it out. It has no methods on purpose: those that make a new list, such as `map`, throw on a list inside the
 * SDK's proxies for remedies.
 */
export type List = ArrayLike<unknown>;

/**
 * The value at a path such as `stoppingCondition.maxRuntimeInSeconds`; undefined where nothing is set. Null and an empty text stand for what
 * is not set, as providers report it so. Throws Unreadable where the path leads through something that has no properties.
 */
export function valueAt(properties: unknown, path: string): unknown {
  let value = properties;
  const done: string[] = [];
  for (const key of path.split(".")) {
    if (isUnset(value)) return undefined;
    if (typeof value !== "object") throw wrong(done.join("."), value, "a map");
    if (Array.isArray(value) && !/^\d+$/.test(key)) throw wrong(done.join("."), value, "a map");
    value = (value as Properties)[key];
    done.push(key);
  }
  return isUnset(value) ? undefined : value;
}

/** A text at a path, also where a program wrote a number or a switch. */
export function textAt(properties: unknown, path: string): string | undefined {
  const value = valueAt(properties, path);
  if (typeof value === "object" || typeof value === "function") throw wrong(path, value, "a text");
  return value === undefined ? undefined : String(value);
}

/** A number that is not negative at a path, also where a program wrote it as text: what these rules read has no other. */
export function numberAt(properties: unknown, path: string): number | undefined {
  const value = valueAt(properties, path);
  if (value === undefined) return undefined;
  const number = typeof value === "number" || isNumeral(value) ? Number(value) : Number.NaN;
  if (!Number.isFinite(number) || number < 0) throw wrong(path, value, "a number, 0 or more");
  return number;
}

/** A switch at a path; not set counts as off, as it does for the API. */
export function flagAt(properties: unknown, path: string): boolean {
  const value = valueAt(properties, path) ?? false;
  if (value !== "true" && value !== "false" && typeof value !== "boolean") {
    throw wrong(path, value, "true or false");
  }
  return String(value) === "true";
}

/** A list at a path, with nothing in it where nothing is set. Its entries are read only when asked for. */
export function listAt(properties: unknown, path: string): List {
  const value = valueAt(properties, path) ?? [];
  if (!Array.isArray(value)) throw wrong(path, value, "a list");
  return value;
}

/** The paths of the entries of a list, which are not read: one of them may not be known yet. */
export function pathsAt(properties: unknown, path: string): string[] {
  return Array.from({ length: listAt(properties, path).length }, (_, index) => `${path}.${index}`);
}

/** A map at a path, with nothing in it where nothing is set. */
export function mapAt(properties: unknown, path: string): Properties {
  const value = valueAt(properties, path) ?? {};
  if (typeof value !== "object" || Array.isArray(value)) throw wrong(path, value, "a map");
  return value as Properties;
}

/** Whether a map is set at a path, if only an empty one. */
export function hasMapAt(properties: unknown, path: string): boolean {
  mapAt(properties, path); // Throws for what is no map.
  return valueAt(properties, path) !== undefined;
}

const isUnset = (value: unknown): boolean => value === undefined || value === null || value === "";

const isNumeral = (value: unknown): boolean => typeof value === "string" && /^\s*\d+(\.\d+)?\s*$/.test(value);

/** Where users keep secrets: a value from there is not shown. */
const private_ = /environment|param|argument|entrypoint|tags|policy|secret|password|token|key/i;

function wrong(path: string, value: unknown, wanted: string): Unreadable {
  return new Unreadable(path || "the resource", `${shown(path, value)} is not ${wanted}`);
}

function shown(path: string, value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  if (typeof value === "string" && (private_.test(path) || value.length > 80)) return "its text";
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** One map over another. Values are read only when asked for, as one of them may not be known yet. */
export function overlay(lower: Properties, upper: Properties): Properties {
  const keys = [...Object.keys(lower), ...Object.keys(upper)];
  return lazily([...new Set(keys)], (key) => (key in upper ? upper : lower)[key]);
}

/** A map with these keys, whose values are read only when asked for. */
export function lazily(keys: readonly string[], read: (key: string) => unknown): Properties {
  const result: Properties = {};
  for (const key of keys) {
    Object.defineProperty(result, key, { enumerable: true, configurable: true, get: () => read(key) });
  }
  return result;
}

/** Puts a value at a path, with the maps on the way to it. The rest of the properties stays as it is. */
export function setAt(properties: Properties, path: string, value: unknown): void {
  const keys = path.split(".");
  const last = keys.pop() as string;
  let holder = properties;
  for (const key of keys) {
    if (isUnset(holder[key])) holder[key] = {};
    holder = holder[key] as Properties;
  }
  holder[last] = value;
}

/** A map that is not known yet as a whole: whoever looks into it is told so by this error. */
export function unreadableMap(error: unknown): Properties {
  return new Proxy<Properties>(
    {},
    {
      get: () => {
        throw error;
      },
      ownKeys: () => ["unreadable"],
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
    },
  );
}
