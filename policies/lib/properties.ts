/** The properties of a resource, as a policy sees them. */
export type Properties = Record<string, unknown>;

/** The value at a path such as `stoppingCondition.maxRuntimeInSeconds`; undefined where nothing is set. */
export function valueAt(properties: unknown, path: string): unknown {
  let value = properties;
  for (const key of path.split(".")) {
    if (value === undefined || value === null) {
      return undefined;
    }
    value = (value as Properties)[key];
  }
  return value ?? undefined;
}

/** A text at a path; an empty text counts as not set. */
export function textAt(properties: unknown, path: string): string | undefined {
  const value = valueAt(properties, path);
  return value === undefined || value === "" ? undefined : String(value);
}

/** A number at a path, also where a program wrote it as text. */
export function numberAt(properties: unknown, path: string): number | undefined {
  const value = textAt(properties, path);
  return value === undefined ? undefined : Number(value);
}

/** A switch at a path; not set counts as off, as it does for the API. */
export function flagAt(properties: unknown, path: string): boolean {
  return textAt(properties, path) === "true";
}

/** A list at a path. */
export function listAt(properties: unknown, path: string): unknown[] {
  const value = valueAt(properties, path);
  return Array.isArray(value) ? value : [];
}

/** A map at a path. */
export function mapAt(properties: unknown, path: string): Properties {
  const value = valueAt(properties, path);
  return typeof value === "object" && value !== null ? (value as Properties) : {};
}

/** One map over another. Values are read only when asked for, as one of them may not be known yet. */
export function overlay(lower: Properties, upper: Properties): Properties {
  const result: Properties = {};
  for (const map of [lower, upper]) {
    for (const key of Object.keys(map)) {
      Object.defineProperty(result, key, {
        enumerable: true,
        configurable: true,
        get: () => map[key],
      });
    }
  }
  return result;
}

/** Puts a value at a path, with the maps on the way to it. The rest of the properties stays as it is. */
export function setAt(properties: Properties, path: string, value: unknown): void {
  const keys = path.split(".");
  const last = keys.pop() as string;
  let holder = properties;
  for (const key of keys) {
    holder[key] ??= {};
    holder = holder[key] as Properties;
  }
  holder[last] = value;
}
