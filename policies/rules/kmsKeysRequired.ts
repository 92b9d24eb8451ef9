import { hasLocalStorage } from "../lib/localStorage";
import { matches, oneOf } from "../lib/text";
import { trainingRule } from "../training/rule";

interface Config {
  allowedKeys: string[];
}

const output = "outputDataConfig.kmsKeyId";

export const kmsKeysRequired = trainingRule<Config>({
  name: "kms-keys-required",
  description:
    "Artifacts, and the volumes of instances without disks of their own, are encrypted with a KMS key.",
  enforcementLevel: "advisory",
  severity: "medium",
  configSchema: {
    properties: {
      allowedKeys: {
        type: "array",
        items: { type: "string", minLength: 1 },
        minItems: 1,
        default: ["*"],
        description: "KMS keys that may be used; `*` stands for any characters.",
      },
    },
  },
  check: ({ spec, config: { allowedKeys }, report, look }) => {
    const require = (what: string, property: string, key: string | undefined) => {
      if (key !== undefined && matches(key, allowedKeys)) {
        return;
      }
      report({
        found: `encrypts its ${what} ${key === undefined ? "without a KMS key" : `with the key ${key}`}`,
        limit: `the allowed keys are ${allowedKeys.includes("*") ? "all KMS keys" : oneOf(allowedKeys)}`,
        fix: `Set ${property} to one of them`,
      });
    };
    look(() => require("artifacts", output, spec.outputKey));
    look(() => {
      const volume = spec.volumeKeyPath;
      const types = spec.fleets.flat().map(({ type }) => type ?? "");
      // A serverless job has no machines, and so no volumes.
      if (spec.serverless && types.every((type) => type === "")) return;
      const local = types.find(hasLocalStorage);
      if (local === undefined) {
        require("volumes", volume, spec.volumeKey);
      } else if (spec.volumeKey !== undefined) {
        report({
          found: `sets a KMS key for the volumes of ${local}`,
          limit: "SageMaker refuses one for local disks, which encrypt by themselves",
          fix: `Remove ${volume}`,
        });
      }
    });
  },
});
