import { listAll } from "../aws/listAll";
import { MARK_TAG } from "../identity/owner";
import { runningJobs, tagsIfThere } from "../run/leftovers";
import { stopJob } from "../run/stop";
import type { RemoveContext } from "./remove";
import { endWarmPool } from "./warmPool";

/**
 * Stops every job that carries the mark, whatever it is called and whether or not a state names it, and waits for its end; and ends
 * the warm pools that such jobs left. This is what a deployment that was killed while it created a job leaves to the destroy.
 */
export async function endOwned(mark: string, context: RemoveContext): Promise<void> {
  const { api, progress } = context;
  const candidates = [...(await runningJobs(api)), ...(await waitingPools(context))];
  for (const {
    TrainingJobName: name = "",
    TrainingJobArn: arn = "",
    TrainingJobStatus: status,
    CreationTime: createdAt,
  } of candidates) {
    const tags = await tagsIfThere(arn, api);
    if (tags?.[MARK_TAG] !== mark) continue;
    if (status !== "Completed") {
      progress.warn(`${name}, which an interrupted deployment left running, is being stopped.`);
    }
    const ended = status === "Completed" ? await api.describe(name) : await stopJob(name, context, createdAt);
    if (ended) await endWarmPool(ended, context);
  }
}

async function waitingPools({ api }: RemoveContext) {
  const waiting = await listAll(api, { WarmPoolStatusEquals: "Available" });
  return waiting.filter((each) => each.TrainingJobStatus === "Completed");
}
