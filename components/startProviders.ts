import { readFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { getPartition } from "@pulumi/aws/getPartition";
import { startProvider } from "./trainingJob/startProvider";

/**
 * Has the engine start the providers while the rest of a program is loaded: by itself it starts each, one after the other, when the
 * first resource needs it.
 *
 * @param program the file that is loaded next
 */
export async function startProviders(program: string): Promise<void> {
  if (takesStacksAws(readFileSync(program, "utf8"))) {
    getPartition().catch(() => undefined); // what is wrong with the provider, the engine says itself
    await sent();
  }
  startProvider(undefined);
  await sent();
}

/** Components that take the stack's AWS provider unless they are given another. */
const OF_AWS = /^\.{1,2}\/components\/(experiment|sweep|modelEndpoint)$/;
/** What needs none. */
const OTHERS = /^\.{1,2}\/components\/(config|deployConfig|gate\/\w+|model|trainedModel)$/;

/**
 * Whether a program takes the stack's AWS provider and no other, which may be the only one that is configured. Another one is an option of
 * a resource, or comes from a module of the user's own.
 */
export function takesStacksAws(source: string): boolean {
  const modules = [...source.matchAll(/\b(?:from|import|require)\s*\(?\s*["'`]([^"'`]*)["'`]/g)].map(
    ([, name]) => name,
  );
  const loads = source.match(/\b(import|require)\b/g) ?? [];
  return (
    !/provider/i.test(source) &&
    modules.length >= loads.length &&
    modules.some((name) => OF_AWS.test(name)) &&
    modules.every((name) => OF_AWS.test(name) || OTHERS.test(name))
  );
}

/** Loading keeps this process busy: a request has to leave it before. */
async function sent(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await setImmediate();
}
