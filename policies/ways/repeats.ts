import { numberAt, type Properties, pathsAt, textAt, valueAt } from "../lib/properties";

/** How often an execution asks for the same: in all, and at a time. Undefined where nothing bounds it. */
export interface Repeats {
  total: number | undefined;
  parallel: number | undefined;
}

export const once: Repeats = { total: 1, parallel: 1 };

/** What is repeated inside of what is repeated. */
export function multiplied(a: Repeats, b: Repeats): Repeats {
  return { total: product(a.total, b.total), parallel: product(a.parallel, b.parallel) };
}

function product(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a * b;
}

/** How often a state may run: once more for every try, for every item of a map, and without end in a loop. */
export function repeatsOf(name: string, state: unknown, states: Properties): Repeats {
  const tries = attempts(state, "Retry", 3);
  const { total, parallel } = mapped(state);
  return { total: leadsBack(name, states) ? undefined : product(total, tries), parallel };
}

/** How often a step of a pipeline may run. */
export function repeatsOfStep(step: unknown): Repeats {
  return { total: attempts(step, "RetryPolicies", 5), parallel: 1 };
}

/** The first try and those after it. `byDefault` is what AWS takes where a policy names no number (Amazon States Language; "Retry Policy for Pipeline Steps"). */
function attempts(holder: unknown, list: string, byDefault: number): number {
  const more = pathsAt(holder, spelled(holder, list)).map((path) => {
    const policy = valueAt(holder, path);
    return numberAt(policy, spelled(policy, "MaxAttempts")) ?? byDefault;
  });
  return more.reduce((all, each) => all + each, 1);
}

function mapped(state: unknown): Repeats {
  if (textAt(state, spelled(state, "Type")) !== "Map") return once;
  const items = valueAt(state, spelled(state, "Items"));
  const total = Array.isArray(items) ? items.length : undefined;
  // 0 stands for no limit.
  const concurrency = valueAt(state, spelled(state, "MaxConcurrency"));
  const most = typeof concurrency === "number" && concurrency > 0 ? concurrency : Infinity;
  const parallel = Math.min(total ?? Infinity, most);
  return { total, parallel: parallel === Infinity ? undefined : parallel };
}

/** Whether a state may be reached from itself. */
function leadsBack(name: string, states: Properties): boolean {
  const seen = new Set<string>();
  const todo = nextOf(states[name]);
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if (next === name) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    todo.push(...nextOf(states[next]));
  }
  return false;
}

function nextOf(state: unknown): string[] {
  if (typeof state !== "object" || state === null) return [];
  const branches = ["Choices", "Catch"].flatMap((list) =>
    pathsAt(state, spelled(state, list)).map((path) => valueAt(state, path)),
  );
  return [state, ...branches].flatMap((holder) =>
    ["Next", "Default"].flatMap((name) => textAt(holder, spelled(holder, name)) ?? []),
  );
}

/** A name of the language as it is spelt here: a definition that is given as a map may have it in camel case. */
function spelled(holder: unknown, name: string): string {
  const camel = name.charAt(0).toLowerCase() + name.slice(1);
  return valueAt(holder, name) === undefined && valueAt(holder, camel) !== undefined ? camel : name;
}

/** What to do about training that nothing bounds. */
export const repeatsFix = {
  total: "List the items of the map in the definition, and let no state lead back to one that trains",
  parallel: "Set MaxConcurrency of the map",
};
