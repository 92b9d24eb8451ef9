import type { StackValidationPolicy } from "@pulumi/policy";
import { withDefaults } from "../lib/config";
import { stackOutputs } from "../lib/stack";
import { Unknowns } from "../lib/unknowns";
import { startsTraining } from "../training/adapter";

interface Config {
  outputName: string;
}

const later = "the rule looks again at the end of the update, when the job has run.";

export const modelArtifactOutput: StackValidationPolicy = {
  name: "model-artifact-output",
  description: "A stack that trains hands out the model artifact, as one of its outputs.",
  enforcementLevel: "mandatory",
  severity: "medium",
  configSchema: {
    properties: {
      outputName: {
        type: "string",
        minLength: 1,
        default: "modelArtifact",
        description: "The stack output that holds the S3 URI of the artifact, or a list or map of them.",
      },
    },
  },
  validateStack: (args, reportViolation) => {
    if (!args.resources.some(({ type }) => startsTraining(type))) {
      return;
    }
    const { outputName } = withDefaults<Config>(modelArtifactOutput.configSchema, args.getConfig());
    const outputs = stackOutputs(args.resources);
    if (!Object.keys(outputs).includes(outputName)) {
      const names = Object.keys(outputs).join(", ") || "none";
      reportViolation(
        `the stack has no output "${outputName}" (its outputs: ${names}); a stack that trains must have it. ` +
          `Export the S3 URI of the model artifact as "${outputName}".`,
      );
      return;
    }
    const unknowns = new Unknowns();
    requireArtifacts(outputs, outputName, unknowns, (path, value) =>
      reportViolation(
        `the stack output "${path}" is ${JSON.stringify(value) ?? "not set"}; it must be the S3 URI of a ` +
          `model.tar.gz. Export the artifact of the training job, not another of its properties.`,
      ),
    );
    unknowns.rethrow(later);
  },
};

/** Looks at the output, or at everything in it where it is a list or a map. */
function requireArtifacts(
  holder: Record<string, unknown>,
  key: string,
  unknowns: Unknowns,
  refuse: (path: string, value: unknown) => void,
  path = key,
): void {
  unknowns.look(() => {
    const value = holder[key];
    const keys = typeof value === "object" && value !== null ? Object.keys(value) : [];
    for (const inner of keys) {
      requireArtifacts(value as Record<string, unknown>, inner, unknowns, refuse, `${path}.${inner}`);
    }
    if (keys.length === 0 && !isArtifact(value)) {
      refuse(path, value);
    }
  });
}

function isArtifact(value: unknown): boolean {
  return typeof value === "string" && /^s3:\/\/[^/]+\/.*model\.tar\.gz$/.test(value);
}
