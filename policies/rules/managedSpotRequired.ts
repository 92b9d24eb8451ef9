import { matches } from "../lib/text";
import { trainingRule } from "../training/rule";
import type { TrainingSpec } from "../training/spec";
import { written, writtenBy } from "../training/written";

interface Config {
  onDemandNames: string[];
  onDemandTags: string[];
  allowOnDemandFallback: boolean;
}

export const managedSpotRequired = trainingRule<Config>({
  name: "managed-spot-required",
  description: "Training runs on managed spot instances, which cost a fraction of the on-demand price.",
  enforcementLevel: "mandatory",
  severity: "high",
  configSchema: {
    properties: {
      onDemandNames: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: [],
        description:
          "Names of experiments or resources that may run on demand; `*` stands for any characters. Whoever writes the program chooses them: no guardrail against that person (`exemptStackTags` is one).",
      },
      onDemandTags: {
        type: "array",
        items: { type: "string", pattern: "^[^=]+=.+$" },
        default: [],
        description:
          "Tags of jobs, as `key=value`, that may run on demand; `*` stands for any characters. Whoever writes the program sets them, as with `onDemandNames`.",
      },
      allowOnDemandFallback: {
        type: "boolean",
        default: false,
        description: "Whether a spot job that gets no capacity may run again on demand.",
      },
    },
  },
  check: ({ spec, config, report }) => {
    if (mayRunOnDemand(spec, config)) {
      return;
    }
    if (!spec.spot) {
      report({
        found: "runs on demand (enableManagedSpotTraining is not true)",
        limit: "managed spot is required",
        fix: spotFixes[writtenBy(spec.properties)],
      });
    } else if (spec.fallsBackToOnDemand && !config.allowOnDemandFallback) {
      report({
        found: 'falls back to on-demand instances (spot.fallback is "on-demand")',
        limit: "the fallback is not allowed here",
        fix: `Set ${written(spec.properties, "spot.fallback")} to "none"`,
      });
    }
  },
});

const spotFixes = {
  api: "Set enableManagedSpotTraining to true and stoppingCondition.maxWaitTimeInSeconds to at least maxRuntimeInSeconds",
  trainingJob:
    "Set spot, with a maxWait of at least maxRun, and remove enableManagedSpotTraining where it is false",
  experiment: "Set training:spot to true in the stack configuration",
};

function mayRunOnDemand({ source }: TrainingSpec, config: Config): boolean {
  if (config.onDemandNames.length > 0 && source.names().some((name) => matches(name, config.onDemandNames))) {
    return true;
  }
  if (config.onDemandTags.length === 0) {
    return false;
  }
  const tags = Object.entries(source.tags()).map(([key, value]) => `${key}=${value}`);
  return tags.some((tag) => matches(tag, config.onDemandTags));
}
