import * as pulumi from "@pulumi/pulumi";
import { CONFIG_KEYS, type TrainingConfig } from "./configSchema";
import type { ExperimentArgs } from "./experimentParts";
import { storeOwner } from "./keptBucket";
import { planSweep } from "./sweepPlan";
import { isRecord } from "./trainingJob/args/unknown";

/**
 * What the job was called in the state as one of several experiments that the stack had until now: the one which set just what the stack
 * sets now, so that it need not be trained again. Its name of today where there is none.
 *
 * @param today what a stack calls the job that has no other
 * @param nameOf what it calls the job of an experiment of several
 */
export function formerJob(
  today: string,
  args: ExperimentArgs,
  nameOf: (experiment: string) => string,
): pulumi.Output<string> {
  return pulumi
    .all([experimentsBefore(), args.hyperparameters, args.environment])
    .apply(([experiments, hyperparameters, environment]) => {
      const known = Object.fromEntries(
        CONFIG_KEYS.map((key) => [key, (args as unknown as Record<string, unknown>)[key]]),
      );
      const stack = { ...known, hyperparameters, environment, experiments, grid: {}, halving: {} };
      const { variants } = planSweep(stack as unknown as TrainingConfig);
      const name = variants.find(({ isBase }) => isBase)?.name;
      return name ? nameOf(name) : today;
    });
}

/** What each experiment of the last deployment set; none where the stack was one, or took them through rungs. */
async function experimentsBefore(): Promise<TrainingConfig["experiments"]> {
  const { organization, project, stack } = storeOwner("");
  const name = [organization, project, stack].join("/");
  try {
    const { outputs } = await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name });
    const { experiments, halving } = outputs;
    if (!isRecord(experiments) || halving) return {};
    const settings = Object.entries(experiments).map(([label, each]) => [
      label,
      isRecord(each) ? each.settings : {},
    ]);
    return Object.fromEntries(settings);
  } catch (error) {
    void pulumi.log.warn(
      `Whether this stack had several experiments is not known: ${(error as Error).message}`,
    );
    return {};
  }
}
