import { seconds } from "../lib/text";
import { trainingRule } from "../training/rule";
import { written } from "../training/written";

interface Config {
  maxWaitSeconds: number;
}

const property = "stoppingCondition.maxWaitTimeInSeconds";
const maxRun = "stoppingCondition.maxRuntimeInSeconds";

export const maxWaitLimit = trainingRule<Config>({
  name: "max-wait-limit",
  description: "A spot job waits for capacity no longer than the limit, and long enough to run to its end.",
  enforcementLevel: "advisory",
  severity: "medium",
  configSchema: {
    properties: {
      maxWaitSeconds: {
        type: "integer",
        // A day of waiting on top of the day that a job may run by default.
        default: 2 * 86_400,
        minimum: 1,
        description: "The most seconds that a spot job may take, the wait for capacity and the run together.",
      },
    },
  },
  check: ({ spec, config: { maxWaitSeconds }, report }) => {
    if (!spec.spot) {
      return;
    }
    const wait = spec.maxWaitSeconds;
    const limit = `the limit is ${seconds(maxWaitSeconds)}`;
    const setting = written(spec.properties, property);
    if (wait === undefined) {
      report({ found: "waits for spot capacity without a limit of its own", limit, fix: `Set ${setting}` });
    } else if (wait > maxWaitSeconds) {
      report({
        found: `may wait and run for ${seconds(wait)}`,
        limit,
        fix: `Set ${setting} to ${maxWaitSeconds} or less`,
      });
    } else if (wait < spec.maxRunSeconds) {
      report({
        found: `may wait and run for ${seconds(wait)} but run for ${seconds(spec.maxRunSeconds)}`,
        limit: "the first covers the second",
        fix: `Set ${setting} to ${spec.maxRunSeconds} or more, or lower ${written(spec.properties, maxRun)}`,
      });
    }
  },
});
