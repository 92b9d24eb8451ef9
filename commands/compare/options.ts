import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { SetupError } from "../../local/setupError.ts";
import { RANKED_BY } from "./order";

/** Which runs are looked at, and what sorts them. */
const LOOKED_AT = {
  stack: { type: "string", multiple: true, default: [] as string[] },
  bucket: { type: "string", multiple: true, default: [] as string[] },
  ...RANKED_BY,
} as const;

/** The arguments of a command that looks at several runs, and its own. What it does not know is answered with its usage. */
export function optionsOf<T extends ParseArgsOptionsConfig>(own: T, usage: string) {
  try {
    return parseArgs({ options: { ...LOOKED_AT, ...own } }).values;
  } catch (error) {
    throw new SetupError(`${(error as Error).message}\n${usage}`);
  }
}
