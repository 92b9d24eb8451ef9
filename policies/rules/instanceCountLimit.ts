import { trainingRule } from "../training/rule";

interface Config {
  maxInstanceCount: number;
}

export const instanceCountLimit = trainingRule<Config>({
  name: "instance-count-limit",
  description: "Training runs on no more instances at a time than the limit.",
  enforcementLevel: "advisory",
  severity: "medium",
  configSchema: {
    properties: {
      maxInstanceCount: {
        type: "integer",
        default: 4,
        minimum: 1,
        description:
          "The most instances at a time, over all groups of a cluster and all parallel tuning jobs.",
      },
    },
  },
  check: ({ spec, config: { maxInstanceCount }, report }) => {
    const { parallel } = spec.source.jobs();
    const perJob = Math.max(...spec.fleets.map((fleet) => fleet.reduce((sum, { count }) => sum + count, 0)));
    if (perJob * parallel <= maxInstanceCount) {
      return;
    }
    const jobs = parallel > 1 ? ` (${parallel} jobs at a time, ${perJob} each)` : "";
    const count = parallel > 1 ? "the instance count or maxParallelTrainingJobs" : "the instance count";
    report({
      found: `runs on ${perJob * parallel} instances${jobs}`,
      limit: `the limit is ${maxInstanceCount}`,
      fix: `Lower ${count} to stay within it`,
    });
  },
});
