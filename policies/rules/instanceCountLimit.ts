import { oneOf } from "../lib/text";
import { atATime } from "../training/atATime";
import { trainingRule } from "../training/rule";
import { written } from "../training/written";

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
          "The most instances at a time, over all groups of a cluster, all parallel tuning jobs, and the machines of debugger and profiler rules.",
      },
    },
  },
  check: ({ spec, config: { maxInstanceCount }, report }) => {
    const { perJob, rules, parallel } = atATime(spec);
    const limit = `the limit is ${maxInstanceCount}`;
    if (parallel === undefined) {
      report({
        found: "starts any number of jobs at a time",
        limit,
        fix: spec.source.unbounded?.parallel ?? "Set config.resourceLimits.maxParallelTrainingJobs",
      });
      return;
    }
    if (perJob * parallel <= maxInstanceCount) return;
    const parts = [
      ...(parallel > 1 ? [`${parallel} jobs at a time, ${perJob} each`] : []),
      ...(rules > 0 ? [`${rules} of ${parallel > 1 ? "each" : "them"} for debugger and profiler rules`] : []),
    ];
    const count = [
      `the instance count (${written(spec.properties, "resourceConfig.instanceCount")})`,
      ...(parallel > 1 ? ["maxParallelTrainingJobs"] : []),
      ...(rules > 0 ? ["the number of rules with an instanceType"] : []),
    ];
    report({
      found: `runs on ${perJob * parallel} instances${parts.length > 0 ? ` (${parts.join("; ")})` : ""}`,
      limit,
      fix: `Lower ${oneOf(count)} to stay within it`,
    });
  },
});
