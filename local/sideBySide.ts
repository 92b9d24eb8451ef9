import { endCommands } from "./run.ts";

/**
 * Does two things that do not need each other at the same time. When one fails, the commands that the other runs are ended, and it cleans up
 * before the failure is thrown: nothing goes on behind a user's back, and nothing is left half built.
 */
export async function sideBySide<A, B>(one: () => Promise<A>, other: () => Promise<B>): Promise<[A, B]> {
  const failures: unknown[] = [];
  const failed = (error: unknown): never => {
    if (failures.push(error) === 1) endCommands();
    throw error;
  };
  const results = [one().catch(failed), other().catch(failed)] as const;
  await Promise.allSettled(results);
  if (failures.length > 0) throw failures[0]; // the first: the other one's is that it was ended
  return Promise.all(results);
}
