import { isRecord, isUnknown, UNKNOWN } from "./unknown";

/**
 * A reader of half-known inputs, for rules across properties. A property inside something not known yet is not known
 * either: it counts as set, and has no value to judge.
 */
export class View {
  private readonly root: unknown;

  constructor(root: unknown) {
    this.root = root;
  }

  /** The value at a path such as "resourceConfig.instanceType"; undefined when it is not set. */
  get(path: string): unknown {
    let value = this.root;
    for (const key of path.split(".")) {
      if (isUnknown(value)) {
        return UNKNOWN;
      }
      value = isRecord(value) ? value[key] : undefined;
    }
    return value;
  }

  /** Whether the property is set, be its value known or not. */
  has(path: string): boolean {
    return this.get(path) !== undefined;
  }

  /** Whether the property is set and known to be an object, so that its own properties can be judged. */
  isObject(path: string): boolean {
    return isRecord(this.get(path));
  }

  /** Whether the property is set and known to be this value. */
  is(path: string, value: unknown): boolean {
    return this.get(path) === value;
  }

  /** Whether the property could turn out to be this value. */
  maybe(path: string, value: unknown): boolean {
    return this.is(path, value) || isUnknown(this.get(path));
  }

  /** The text at a path, if it is known. */
  text(path: string): string | undefined {
    const value = this.get(path);
    return typeof value === "string" && !isUnknown(value) ? value : undefined;
  }

  /** The number at a path, if it is known. */
  number(path: string): number | undefined {
    const value = this.get(path);
    return typeof value === "number" ? value : undefined;
  }

  /** The entries of the list at a path, each as a view of its own; none if it is not known. */
  list(path: string): View[] {
    const value = this.get(path);
    return Array.isArray(value) ? value.map((entry) => new View(entry)) : [];
  }

  /** The properties of the object at a path; none if it is not known. */
  entries(path: string): [string, unknown][] {
    const value = this.get(path);
    return isRecord(value) ? Object.entries(value) : [];
  }
}
