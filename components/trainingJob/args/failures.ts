import { isUnknown } from "./unknown";

/** One refused input, in the form that the engine shows next to the resource. */
export interface CheckFailure {
  /** Path of the property, such as `inputDataConfig[2].channelName`. */
  property: string;
  /** The value, the limit and the fix, in one sentence or two. */
  reason: string;
}

// Values under these properties may be secrets, and free-form values are long: they are never repeated.
const NEVER_SHOWN = /^(hyperparameters|environment)\b|Parameters\b|Credentials/;
const MAX_SHOWN = 80;

/** The failures of one check, and what it only warns of. Collects all of them, each property with the first reason found for it. */
export class Failures {
  readonly list: CheckFailure[] = [];
  readonly warnings: CheckFailure[] = [];

  /** Refuse a property. */
  add(property: string, reason: string): void {
    if (!this.has(property)) {
      this.list.push({ property, reason });
    }
  }

  /** Let a property through, but say what may be wrong with it. */
  warn(property: string, reason: string): void {
    if (!this.warnings.some((warning) => warning.property === property)) {
      this.warnings.push({ property, reason });
    }
  }

  /** Whether this very property is refused already. */
  has(property: string): boolean {
    return this.list.some((failure) => failure.property === property);
  }

  /** Name properties as the user wrote them: a failure or warning at or under `from` moves to `to`, unless that has one already. */
  rename(from: string, to: string): void {
    for (const list of [this.list, this.warnings]) {
      for (const failure of [...list]) {
        const rest = failure.property.slice(from.length);
        if (!failure.property.startsWith(from) || !/^($|[.[])/.test(rest)) continue;
        if (list.some(({ property }) => property === to + rest)) list.splice(list.indexOf(failure), 1);
        else failure.property = to + rest;
      }
    }
  }
}

/** A value as an error message may show it: short, and not at all where it may be a secret. */
export function shown(property: string, value: unknown): string {
  if (NEVER_SHOWN.test(property)) {
    return "the value (not shown)";
  }
  const text = isUnknown(value) ? "a value not known yet" : (JSON.stringify(value) ?? String(value));
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}... (${text.length} characters)` : text;
}

/** Path of a property inside another. Names that are no identifiers are put in quotes. */
export function inside(path: string, key: string | number): string {
  if (typeof key === "number") {
    return `${path}[${key}]`;
  }
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) {
    return `${path}[${JSON.stringify(key)}]`;
  }
  return path === "" ? key : `${path}.${key}`;
}
