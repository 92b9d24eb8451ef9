import { engineProblem } from "./engine/engine.ts";
import { environmentProblem } from "./python/environment.ts";
import { ministack, training } from "./python/python.ts";

/**
 * What has to be installed by hand before the local stack can run: one line for each thing, none when all is there.
 * What the cache already holds needs nothing, so this takes milliseconds after the first run.
 */
export async function missingPrerequisites(env: NodeJS.ProcessEnv = process.env): Promise<string[]> {
  const problems = await Promise.all([
    engineProblem(env),
    environmentProblem(training),
    environmentProblem(ministack),
  ]);
  return [...new Set(problems.filter((problem) => problem !== undefined))];
}
