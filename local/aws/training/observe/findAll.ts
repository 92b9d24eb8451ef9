import { setFlagsFromString } from "node:v8";
import { createContext, Script } from "node:vm";

// An expression that backtracks without end goes on in V8's engine of linear time: `(([0-9]+)+);` ends in milliseconds.
setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");
// The flag `l` asks for that engine alone, and so tells what it cannot run.
setFlagsFromString("--enable-experimental-regexp-engine");

/** The longest time for one line and one expression, in milliseconds. */
export const budgetMs = 100;
/** Shorter lines are searched without a budget, which costs more than the search. */
const shortLine = 1_000;
/** Whether the engine of linear time can run an expression: it lacks references, looking around, counts above 16, the flag `i`. */
const bounded = new WeakMap<RegExp, boolean>();

function isBounded(regex: RegExp): boolean {
  let known = bounded.get(regex);
  if (known === undefined) {
    try {
      known = new RegExp(regex, `${regex.flags}l`) !== undefined;
    } catch {
      known = false;
    }
    bounded.set(regex, known);
  }
  return known;
}

const look = new Script("regex.test(line)");
const search = new Script("Array.from(line.matchAll(regex), (match) => match[1] ?? '').join('\\n')");

/** Made once: it takes longer than a search. */
const place = createContext({});

/**
 * The first group of every match of an expression that somebody else wrote; undefined when it takes too long. It runs in the loop
 * that serves everybody.
 */
export function findAll(regex: RegExp, line: string): string[] | undefined {
  if (isQuick(regex, line)) return Array.from(line.matchAll(regex), (match) => match[1] ?? "");
  return (inBudget(search, regex, line) as string | undefined)?.split("\n");
}

/** Whether an expression that somebody else wrote is in a line; undefined when it takes too long to tell. Without the flag `g`. */
export function isFound(regex: RegExp, line: string): boolean | undefined {
  return isQuick(regex, line) ? regex.test(line) : (inBudget(look, regex, line) as boolean | undefined);
}

const isQuick = (regex: RegExp, line: string) => line.length <= shortLine && isBounded(regex);

function inBudget(script: Script, regex: RegExp, line: string): unknown {
  try {
    Object.assign(place, { regex, line });
    return script.runInContext(place, { timeout: budgetMs });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    return undefined;
  }
}
