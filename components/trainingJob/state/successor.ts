import { isTerminal, type JobDescription } from "../aws/api";
import type { TrainingJobState } from "./state";

/**
 * Says that a job is another one than that of the state, by the same name: a record may be deleted from outside, and then its name is free
 * for everybody. Told by its creation, after the end of the one that the state knows; undefined for that one itself.
 */
export function anotherJob(
  { TrainingJobName: name, CreationTime: createdAt }: JobDescription,
  { status, trainingJobName, timeline }: Partial<TrainingJobState>,
): string | undefined {
  const last = timeline?.at(-1)?.startTime;
  if (!isTerminal(status) || !last || name !== trainingJobName) return undefined;
  if (!createdAt || createdAt <= new Date(last)) return undefined;
  return `${name} is another job by now, created ${createdAt.toISOString()}: the one of this resource was deleted, and the next \`pulumi up\` trains again.`;
}
