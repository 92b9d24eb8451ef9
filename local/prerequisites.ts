import { engineProblem } from "./engine/engine.ts";
import { environmentProblems } from "./python/environment.ts";
import { ministack, training } from "./python/python.ts";

/**
 * What has to be installed by hand before the local stack can run: one line for each thing, none when all is there.
 * What the cache already holds needs nothing, so this takes milliseconds after the first run.
 */
export async function missingPrerequisites(env: NodeJS.ProcessEnv = process.env): Promise<string[]> {
  const [engine, pythons] = await Promise.all([
    engineProblem(env),
    environmentProblems([training, ministack], env),
  ]);
  return engine ? [engine, ...pythons] : pythons;
}
