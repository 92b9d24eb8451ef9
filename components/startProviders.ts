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

/**
 * Whether a program has no other AWS provider than the stack's, which would not have to be configured then. Another one is an option of
 * a resource, or comes from a module of the user's own.
 */
export function takesStacksAws(source: string): boolean {
  const modules = [...source.matchAll(/(?:\bfrom|\bimport|\brequire)\s*\(?\s*["'`]([^"'`]*)["'`]/g)];
  return !/provider/i.test(source) && modules.every(([, name]) => /^\.{1,2}\/components\//.test(name));
}

/** Loading keeps this process busy: a request has to leave it before. */
async function sent(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await setImmediate();
}
