import { listAll } from "../aws/listAll";
import { MARK_TAG } from "../identity/owner";
import { runningJobs, tagsIfThere } from "../run/leftovers";
import { stopJob } from "../run/stop";
import type { RemoveContext } from "./remove";
import { endWarmPool } from "./warmPool";

/** A list may not tell of a job that was created seconds ago. */
const LIST_LAG_MS = 5_000;

/**
 * The same, looking a second time when there is nothing at first: for a destroy that follows a killed creation at once.
 */
export async function endOwnedOfLate(mark: string, context: RemoveContext): Promise<void> {
  if (await endOwned(mark, context)) return;
  await context.clock.sleep(LIST_LAG_MS, context.signal);
  await endOwned(mark, context);
}

/**
 * Stops every job that carries the mark, whatever it is called and whether or not a state names it, and waits for its end; and ends
 * the warm pools that such jobs left. This is what a deployment that was killed while it created a job leaves to the destroy.
 * Tells how many there were.
 */
export async function endOwned(mark: string, context: RemoveContext): Promise<number> {
  const { api, progress } = context;
  const candidates = [...(await runningJobs(api)), ...(await waitingPools(context))];
  let owned = 0;
  for (const {
    TrainingJobName: name = "",
    TrainingJobArn: arn = "",
    TrainingJobStatus: status,
    CreationTime: createdAt,
  } of candidates) {
    const tags = await tagsIfThere(arn, api);
    if (tags?.[MARK_TAG] !== mark) continue;
    owned++;
    if (status !== "Completed") {
      progress.warn(`${name}, which an interrupted deployment left running, is being stopped.`);
    }
    const ended = status === "Completed" ? await api.describe(name) : await stopJob(name, context, createdAt);
    if (ended) await endWarmPool(ended, context);
  }
  return owned;
}

async function waitingPools({ api }: RemoveContext) {
  const waiting = await listAll(api, { WarmPoolStatusEquals: "Available" });
  return waiting.filter((each) => each.TrainingJobStatus === "Completed");
}
