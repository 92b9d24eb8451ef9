import { matches, oneOf } from "../lib/text";
import { trainingRule } from "../training/rule";
import type { Instances } from "../training/spec";
import { written } from "../training/written";

interface Config {
  allowedInstanceTypes: string[];
  allowedRuleInstanceTypes: string[];
}

export const allowedInstanceTypes = trainingRule<Config>({
  name: "allowed-instance-types",
  description: "Training runs on the allowed instance types only.",
  enforcementLevel: "mandatory",
  severity: "high",
  configSchema: {
    properties: {
      allowedInstanceTypes: {
        type: "array",
        items: { type: "string", minLength: 1 },
        minItems: 1,
        default: ["ml.g5.*"],
        description: "Instance types that training may run on; `*` stands for any characters.",
      },
      allowedRuleInstanceTypes: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: ["ml.t3.*", "ml.m5.large", "ml.m5.xlarge", "ml.m5.2xlarge"],
        description: "Instance types that debugger and profiler rules may run on, beside the training.",
      },
    },
  },
  check: ({ spec, config, report, look }) => {
    const require = (kind: string, { where, type }: Instances, allowed: string[]) => {
      if (type !== undefined && matches(type, allowed)) {
        return;
      }
      report({
        found: `${kind} on ${type ?? (spec.serverless ? "serverless capacity" : "no named instance type")} (${where})`,
        limit: `the allowed types are ${oneOf(allowed)}`,
        fix: `Set ${written(spec.properties, where)} to one of them`,
      });
    };
    look(() => {
      for (const instances of spec.fleets.flat()) {
        require("runs", instances, config.allowedInstanceTypes);
      }
    });
    look(() => {
      for (const instances of spec.ruleInstances) {
        require("runs a rule", instances, config.allowedRuleInstanceTypes);
      }
    });
  },
});
