import { setAt } from "../lib/properties";
import { seconds } from "../lib/text";
import { costSentence } from "../training/costSentence";
import { trainingRule } from "../training/rule";
import { written } from "../training/written";

interface Config {
  maxRunSeconds: number;
}

const property = "stoppingCondition.maxRuntimeInSeconds";

export const maxRunLimit = trainingRule<Config>({
  name: "max-run-limit",
  description: "No training job may run longer than the limit.",
  enforcementLevel: "mandatory",
  severity: "high",
  configSchema: {
    properties: {
      maxRunSeconds: {
        type: "integer",
        // SageMaker stops a job that sets no limit after a day. To run longer takes a decision, in both places.
        default: 86_400,
        minimum: 1,
        maximum: 28 * 86_400,
        description: "The most seconds that a job may run.",
      },
    },
  },
  check: ({ spec, config: { maxRunSeconds }, report }) => {
    if (spec.maxRunSeconds <= maxRunSeconds) {
      return;
    }
    const origin = spec.ownMaxRunSeconds === undefined ? ", SageMaker's own limit as the job sets none" : "";
    report({
      found: `may run for ${seconds(spec.maxRunSeconds)}${origin}`,
      limit: `the limit is ${seconds(maxRunSeconds)}`,
      fix: `Set ${written(spec.properties, property)} to ${maxRunSeconds} or less`,
    });
  },
  remedy: (spec, config) => {
    const asked = spec.maxRunSeconds;
    if (asked <= config.maxRunSeconds) return undefined;
    setAt(spec.properties, property, config.maxRunSeconds);
    return `may run for ${seconds(config.maxRunSeconds)} in place of ${seconds(asked)}${costSentence(spec)}`;
  },
});
