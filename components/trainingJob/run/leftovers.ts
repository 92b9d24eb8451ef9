import type { AwsApi } from "../aws/api";
import { isOwnedBy, type Owner } from "../identity/identity";
import type { Progress } from "./progress";

/** More than a handful of one name are a sweep of several resources: asking whose each is would cost more than it tells. */
const MOST = 5;

/**
 * Warns of jobs that an earlier deployment of this resource started and that still run: one that was killed while it created a job, and
 * whose inputs were changed since, has left a job that no state knows of. It is not stopped: a colleague's stack of the same name
 * looks just the same.
 */
export async function warnOfLeftovers(
  experiment: string,
  { api, progress, owner }: { api: AwsApi; progress: Progress; owner: Owner },
): Promise<void> {
  const baseJobName = experiment.slice(0, experiment.lastIndexOf("-"));
  const running = await api
    .list({ NameContains: `${baseJobName}-`, StatusEquals: "InProgress", MaxResults: 100 })
    .catch(() => undefined); // without the permission to list there is nothing to warn of
  const others = (running?.TrainingJobSummaries ?? []).filter(
    ({ TrainingJobName: name = "" }) => name.startsWith(baseJobName) && !name.startsWith(experiment),
  );
  if (others.length > MOST) return;
  for (const { TrainingJobName: name, TrainingJobArn: arn = "" } of others) {
    const tags = await api.tags(arn).catch(() => ({}));
    if (!isOwnedBy(tags, owner)) continue;
    progress.warn(
      `${name}, of an earlier deployment of this resource, still runs. It ends with that deployment's job if this one replaces it; ` +
        `else stop it: aws sagemaker stop-training-job --training-job-name ${name}`,
    );
  }
}
