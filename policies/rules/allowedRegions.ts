import { matches, oneOf } from "../lib/text";
import { trainingRule } from "../training/rule";

interface Config {
  allowedRegions: string[];
}

export const allowedRegions = trainingRule<Config>({
  name: "allowed-regions",
  description: "Training runs in the allowed regions only.",
  enforcementLevel: "advisory",
  severity: "high",
  configSchema: {
    properties: {
      allowedRegions: {
        type: "array",
        items: { type: "string", minLength: 1 },
        minItems: 1,
        default: ["*"],
        description: "Regions that training may run in; `*` stands for any characters. Default: all.",
      },
    },
  },
  check: ({ spec, config, report }) => {
    if (config.allowedRegions.includes("*")) return;
    const region = spec.source.region();
    if (region !== undefined && matches(region, config.allowedRegions)) return;
    report({
      found: `runs in ${region ?? "a region that neither it nor its provider names"}`,
      limit: `the allowed regions are ${oneOf(config.allowedRegions)}`,
      fix: "Set region, or aws:region in the stack configuration, to one of them",
    });
  },
});
