import type { TrainingJobSummary } from "@aws-sdk/client-sagemaker";
import type { AwsApi } from "../aws/api";
import { isDenied } from "../aws/denied";
import { listAll } from "../aws/listAll";
import { isOwned, MARK_TAG } from "../identity/owner";
import type { RunContext } from "./context";
import type { History } from "./history";
import { stopJob } from "./stop";

/**
 * Ends the jobs that an earlier deployment of this resource left running with other inputs, before another is started: nobody waits for
 * them, and both would be paid for. A job is known by its mark. One that only has this resource's names, from a release without marks,
 * may be a colleague's: it is named and left alone.
 */
export async function endLeftovers(history: History, context: RunContext): Promise<void> {
  const { api, progress, ownership } = context;
  const known = new Set(history.found.map(({ job }) => job.TrainingJobName));
  let running: TrainingJobSummary[];
  try {
    running = await runningJobs(api);
  } catch (error) {
    if (!isDenied(error)) throw error;
    progress.info(
      "Jobs that an earlier deployment may have left running are not looked for: that needs sagemaker:ListTrainingJobs.",
    );
    return;
  }
  for (const { TrainingJobName: name = "", TrainingJobArn: arn = "" } of running) {
    if (known.has(name) || history.taken.has(name)) continue;
    const tags = await api.tags(arn).catch(() => ({}) as Record<string, string>);
    if (!isOwned(tags, ownership)) continue;
    if (tags[MARK_TAG]) {
      progress.info(
        `${name}, of an earlier deployment of this resource with other inputs, still runs: stopping it.`,
      );
      await stopJob(name, context);
    } else {
      progress.warn(
        `${name}, which an earlier release started for this resource, still runs. If it is not a colleague's, stop it: ` +
          `aws sagemaker stop-training-job --training-job-name ${name}`,
      );
    }
  }
}

/** Everything that runs in the region, or is being stopped. */
export async function runningJobs(api: AwsApi): Promise<TrainingJobSummary[]> {
  const lists = ["InProgress", "Stopping"] as const;
  return (await Promise.all(lists.map((StatusEquals) => listAll(api, { StatusEquals })))).flat();
}
