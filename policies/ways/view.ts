import { type Properties, valueAt } from "../lib/properties";
import { Unreadable } from "../lib/unreadable";
import { canonical } from "./words";

/** A value that only another service can tell, when it uses the definition: a reference of CloudFormation, a path into a state's input. */
export class Unresolvable extends Error {
  /** Where it is written. */
  readonly path: string;
  /** What is written there, such as `Fn::GetAtt`. */
  readonly reference: string;

  constructor(path: string, reference: string) {
    super(`${path} is ${reference}, which cannot be resolved here`);
    this.name = "Unresolvable";
    this.path = path;
    this.reference = reference;
  }
}

/**
 * Makes a look. A value that only another service can tell ends it in silence: the rule no-other-way-to-train names it, once for all rules.
 */
export function skippingReferences(look: () => void): void {
  try {
    look();
  } catch (error) {
    if (!(error instanceof Unresolvable)) throw error;
  }
}

/** Gives what a reference stands for, or throws Unresolvable; anything else it hands back as it is. */
export type Resolve = (value: unknown, path: string) => unknown;

/** For what holds no references. */
export const asItIs: Resolve = (value) => value;

/** Maps whose keys are the words of the user, or of another language than the request. */
const usersOwn = new Set([
  "environment",
  "hyperParameters",
  "staticHyperParameters",
  "ruleParameters",
  "hookParameters",
  "profilingParameters",
  "definition",
  "definitionSubstitutions",
  "parameters",
  "templateBody",
]);

/**
 * A request with the API's names spelt as the rules spell them. Values are read, and references resolved, only when a rule asks for them: one
 * that is not known yet stops only the rules that need it.
 */
export function viewOf(raw: unknown, resolve: Resolve = asItIs, path = "", keepKeys = false): unknown {
  const value = resolve(raw, path);
  if (typeof value !== "object" || value === null) return value;
  const inside = (key: string) => (path === "" ? key : `${path}.${key}`);
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    for (let index = 0; index < value.length; index++) {
      lazily(list, String(index), () => viewOf(value[index], resolve, inside(String(index)), keepKeys));
    }
    return list;
  }
  const map: Properties = {};
  for (const key of Object.keys(value)) {
    const name = keepKeys ? key : canonical(key.replace(/\.\$$/, ""));
    const twice = Object.hasOwn(map, name);
    lazily(map, name, () => {
      if (twice) throw new Unreadable(inside(key), "it is written twice, in two spellings");
      // A state machine takes `Name.$` from the input that the state is given.
      if (key.endsWith(".$")) throw new Unresolvable(inside(key), "a path into the state's input");
      const child = (value as Properties)[key];
      if (name === "tags" && !keepKeys) return tagsView(child, resolve, inside(key));
      return viewOf(child, resolve, inside(key), keepKeys || usersOwn.has(name));
    });
  }
  return map;
}

/** Tags as a map, where they are a list of keys and values. */
function tagsView(raw: unknown, resolve: Resolve, path: string): unknown {
  const tags = resolve(raw, path);
  if (!Array.isArray(tags)) return viewOf(tags, resolve, path, true);
  const map: Properties = {};
  for (let index = 0; index < tags.length; index++) {
    const tag = viewOf(tags[index], resolve, `${path}.${index}`);
    lazily(map, String(valueAt(tag, "key")), () => valueAt(tag, "value"));
  }
  return map;
}

/** A request with some of its values at other paths: what `paths` gives the names of, by the path to read them at. */
export function rearranged(request: unknown, paths: Readonly<Record<string, string>>): Properties {
  const result: Properties = {};
  for (const [to, from] of Object.entries(paths)) {
    const keys = to.split(".");
    const last = keys.pop() as string;
    let holder = result;
    for (const key of keys) {
      holder[key] ??= {};
      holder = holder[key] as Properties;
    }
    lazily(holder, last, () => valueAt(request, from));
  }
  return result;
}

function lazily(holder: object, key: string, get: () => unknown): void {
  Object.defineProperty(holder, key, { enumerable: true, configurable: true, get });
}
