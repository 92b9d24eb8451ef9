import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { withDefaults } from "../lib/config";
import { textAt } from "../lib/properties";
import { stackOutputs } from "../lib/stack";
import { Unknowns } from "../lib/unknowns";
import { dynamicType, tuningType } from "../training/adapter";
import { specsOf, trainsInDeployment } from "../training/scope";

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
        description:
          "The stack output that holds the S3 URI of the artifact, or a list or map of them. Case, `_`, `-` and a plural make no difference: `model_artifacts` is the same.",
      },
    },
  },
  validateStack: (args, reportViolation) => {
    const jobs = args.resources.filter(trainsInDeployment);
    if (jobs.length === 0) {
      return;
    }
    const { outputName } = withDefaults<Config>(modelArtifactOutput.configSchema, args.getConfig());
    const outputs = stackOutputs(args.resources);
    const name = Object.keys(outputs).find((key) => plainName(key) === plainName(outputName));
    if (name === undefined) {
      const names = Object.keys(outputs).join(", ") || "none";
      reportViolation(
        `the stack has no output "${outputName}" (its outputs: ${names}); a stack that trains must have it. ` +
          `Export the S3 URI of the model artifact as "${outputName}".`,
      );
      return;
    }
    const unknowns = new Unknowns();
    const isArtifact = artifactsOf(jobs);
    eachValue(outputs, name, unknowns, (path, value) => {
      if (isArtifact(value)) return;
      reportViolation(
        `the stack output "${path}" is ${whatIs(value)}; it must be the S3 URI of a model artifact. ` +
          "Export the artifact of the training job, not another of its properties.",
      );
    });
    unknowns.rethrow(later);
  },
};

/** `model_artifacts` -> `modelartifact`: how the name is spelt is a matter of the program's language. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, "").replace(/s$/, "");
}

/** Looks at the output, or at everything in it where it is a list or a map. */
function eachValue(
  holder: Record<string, unknown>,
  key: string,
  unknowns: Unknowns,
  look: (path: string, value: unknown) => void,
  path = key,
): void {
  unknowns.look(() => {
    const value = holder[key];
    const keys = typeof value === "object" && value !== null ? Object.keys(value) : [];
    for (const inner of keys) {
      eachValue(value as Record<string, unknown>, inner, unknowns, look, `${path}.${inner}`);
    }
    if (keys.length === 0) look(path, value);
  });
}

/**
 * Tells the artifacts that jobs of the stack can leave: what a job reports as its own; an archive; the folder of a job that does not compress;
 * and for a tuning job, which leaves one artifact per training job, anything under the output path of its definitions.
 */
function artifactsOf(jobs: readonly PolicyResource[]): (value: unknown) => boolean {
  const own = jobs
    .filter(({ type }) => type === dynamicType)
    .map(({ props }) => known(() => textAt(props, "modelArtifact")));
  const specs = jobs.flatMap((job) => specsOf(job).map((spec) => ({ spec, tunes: job.type === tuningType })));
  const folders = specs.some(({ spec }) => known(() => spec.compressionType) === "NONE");
  const prefixes = specs
    .filter(({ tunes }) => tunes)
    .map(({ spec }) => known(() => spec.outputUri)?.replace(/\/*$/, "/"));
  return (value) => {
    if (typeof value !== "string" || !/^s3:\/\/[^/]+\/./.test(value)) return false;
    return (
      own.includes(value) ||
      /(^|\/)model\.tar\.gz$/.test(value) ||
      (folders && /\/output\/model\/?$/.test(value)) ||
      prefixes.some((prefix) => prefix !== undefined && `${value}/`.startsWith(prefix))
    );
  };
}

/** Undefined for what is not known yet: such a value takes part in no comparison. */
function known<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** What kind of value it is. The value itself may be a secret: the engine hands it out in clear, and keeps what a rule says. */
function whatIs(value: unknown): string {
  if (value === undefined || value === null || value === "") return "empty";
  if (Array.isArray(value)) return "an empty list";
  if (typeof value === "object") return "an empty map";
  if (typeof value !== "string") return `a ${typeof value}`;
  return value.startsWith("s3://") ? "the S3 URI of something else" : "a text that is no S3 URI";
}
