import type { TrainingJobSummary } from "@aws-sdk/client-sagemaker";
import type { AwsApi } from "../aws/api";
import { isDenied } from "../aws/denied";
import { listAll } from "../aws/listAll";
import { isMissingJob } from "../aws/retries";
import { isOwned, MARK_TAG, type Tags } from "../identity/owner";
import type { RunContext } from "./context";
import type { History } from "./history";
import { stopJob } from "./stop";

/**
 * Ends the jobs that an earlier deployment of this resource left running with other inputs, before another is started: nobody waits for
 * them, and both would be paid for. A job is known by its mark. One that only has this resource's names, from a release without marks,
 * may be a colleague's: it is named and left alone.
 */
export async function endLeftovers(history: History, context: RunContext): Promise<void> {
  const { progress } = context;
  for (const { name, tags } of await leftovers(history, context)) {
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

interface Leftover {
  name: string;
  tags: Tags;
}

async function leftovers(history: History, { api, progress, ownership }: RunContext): Promise<Leftover[]> {
  const known = new Set(history.found.map(({ job }) => job.TrainingJobName));
  const found: Leftover[] = [];
  try {
    for (const { TrainingJobName: name = "", TrainingJobArn: arn = "" } of await runningJobs(api)) {
      if (known.has(name) || history.taken.has(name)) continue;
      const tags = await tagsIfThere(arn, api);
      if (tags && isOwned(tags, ownership)) found.push({ name, tags });
    }
  } catch (error) {
    if (!isDenied(error)) throw error;
    progress.info(
      "Jobs that an earlier deployment may have left running are not looked for: " +
        "that needs sagemaker:ListTrainingJobs and sagemaker:ListTags.",
    );
  }
  return found;
}

/** The tags of a job that was listed; nothing when it is gone since then. */
export async function tagsIfThere(arn: string, api: AwsApi): Promise<Tags | undefined> {
  try {
    return await api.tags(arn);
  } catch (error) {
    if (!isMissingJob(error)) throw error;
    return undefined;
  }
}

/** Everything that runs in the region, or is being stopped. */
export async function runningJobs(api: AwsApi): Promise<TrainingJobSummary[]> {
  return [
    ...(await listAll(api, { StatusEquals: "InProgress" })),
    ...(await listAll(api, { StatusEquals: "Stopping" })),
  ];
}
