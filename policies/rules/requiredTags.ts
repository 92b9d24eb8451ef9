import { oneOf } from "../lib/text";
import { orUnknown } from "../lib/unknowns";
import { trainingRule } from "../training/rule";
import type { TrainingSpec } from "../training/spec";

interface Config {
  requiredTags: string[];
  addTags: Record<string, string>;
}

export const requiredTags = trainingRule<Config>({
  name: "required-tags",
  description: "Training carries the tags by which its cost is assigned.",
  enforcementLevel: "advisory",
  severity: "low",
  configSchema: {
    properties: {
      requiredTags: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: ["owner", "cost-center"],
        description:
          "Keys of the tags that must be there, on the resource or as default tags of its provider.",
      },
      addTags: {
        type: "object",
        additionalProperties: { type: "string" },
        default: {},
        description:
          "Tags, with their values, that the rule adds where they are missing, at the level `remediate`.",
      },
    },
  },
  check: ({ spec, config, report }) => {
    const present = tagsOf(spec);
    const reserved = Object.keys(config.addTags).filter(isReserved);
    if (reserved.length > 0) {
      report({
        found: `cannot carry ${reserved.join(", ")} of addTags`,
        limit: "AWS keeps tags that begin with aws: for itself",
        fix: "Rename them in the configuration of this rule",
      });
    }
    const missing = config.requiredTags.filter((key) => !present.includes(key));
    if (missing.length > 0) {
      report({
        found: `has the tags ${present.join(", ") || "(none)"}`,
        limit: `required are ${config.requiredTags.join(", ")}`,
        fix: `Add the missing ${oneOf(missing).replace(/ or /, " and ")} to tags`,
      });
    }
  },
  remedy: (spec, { addTags }) => {
    const { source } = spec;
    const present = tagsOf(spec);
    const missing = Object.entries(addTags).filter(([key]) => !present.includes(key) && !isReserved(key));
    // One more than the job may have would pass the preview and fail at its start.
    if (present.length + missing.length > maxTags) return undefined;
    for (const [key, value] of missing) {
      source.addTag(key, value);
    }
    return missing.length > 0
      ? `carries ${missing.map(([key, value]) => `${key}=${value}`).join(", ")}`
      : undefined;
  },
});

/** AWS takes 50, of which this project's TrainingJob sets five itself. */
const maxTags = 45;

const isReserved = (key: string): boolean => /^aws:/i.test(key);

/** The keys of the tags that have a value, be it known yet or not: a tag without one assigns nothing. */
function tagsOf({ source }: TrainingSpec): string[] {
  const tags = source.tags();
  return Object.keys(tags).filter((key) => {
    const value = orUnknown(() => tags[key]);
    return value !== undefined && value !== null && value !== "" && typeof value !== "object";
  });
}
