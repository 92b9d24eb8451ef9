import { setImmediate } from "node:timers/promises";
import { getPartition } from "@pulumi/aws/getPartition";
import { startProvider } from "./trainingJob/startProvider";

/**
 * Has the engine start the providers of AWS and of the jobs while the rest of the program is loaded: by itself it starts each, one after
 * the other, when the first resource needs it.
 */
export async function startProviders(): Promise<void> {
  getPartition().catch(() => undefined); // what is wrong with the provider, the engine says itself
  await sent();
  startProvider({}); // that of AWS goes first: the resources that a job needs are its own
  await sent();
}

/** Loading keeps this process busy: a request has to leave it before. */
async function sent(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await setImmediate();
}
