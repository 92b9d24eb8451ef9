import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checkNodeVersion } from "./nodeVersion";
import { DURATION_FORMS, durationSeconds } from "./trainingJob/duration";

/** An empty text means "not set": Pulumi.yaml must give every optional key a default. */
const optional = <T extends z.ZodType>(type: T) =>
  z.preprocess((value) => (value === "" ? undefined : value), type.optional());
const isDuration = (value: string | number) => durationSeconds(value) !== undefined;
const duration = z.union([z.string(), z.number()]).refine(isDuration, `use ${DURATION_FORMS}`);
const s3Uri = z.string().regex(/^s3:\/\/[^/]+/, "use an S3 URI such as s3://bucket/prefix");
/** The key itself: the role's policy would not take an alias, which shows only when the artifact cannot be written. */
const keyArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/.+/,
    "use the ARN of a key (…:key/…), not an alias or an id",
  );
const list = z.array(z.string().min(1));
const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** Every key of the stack's `training:` configuration. Pulumi.yaml describes them; its defaults are the ones here. */
const schema = z.strictObject({
  experiment: z
    .string()
    .regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,47}$/, "use letters, digits and inner hyphens, at most 48")
    .default("densenet121"),
  runId: optional(z.string()),

  sourceDir: z.string().min(1).default("train"),
  entryPoint: z.string().min(1).default("train.py"),
  hyperparameters: z.record(z.string(), scalar).default({}),
  environment: z.record(z.string(), z.string()).default({}),
  distribution: z.enum(["none", "torchDistributed", "pytorchddp"]).default("none"),
  metrics: z.record(z.string(), z.string()).default({}),

  train: s3Uri,
  val: s3Uri,
  fingerprintData: z.boolean().default(false),

  instanceType: z.string().min(1).default("ml.g5.xlarge"),
  instanceCount: z.int().positive().default(1),
  maxRun: duration.default("2h"),
  spot: z.boolean().default(true),
  maxWait: optional(duration),
  fallback: z.enum(["none", "on-demand"]).default("none"),
  keepAlive: optional(duration),
  onCancel: z.enum(["detach", "stop"]).default("detach"),
  deletePolicy: z.enum(["retain", "delete"]).default("retain"),
  livePrices: z.boolean().default(false),

  frameworkVersion: z.string().default("2.4.0"),
  pythonVersion: z.string().default("py311"),
  imageRepository: optional(z.string()),
  imageTag: optional(z.string()),

  bucketName: optional(z.string()),
  roleArn: optional(z.string()),
  kmsKeyArn: optional(keyArn),
  subnets: list.default([]),
  securityGroupIds: list.default([]),
  networkIsolation: z.boolean().default(false),
  tags: z.record(z.string(), z.string()).default({}),
});

/** Every key that a stack may set. */
export const CONFIG_KEYS = Object.keys(schema.shape);

/** The stack's configuration, parsed and checked. */
export type TrainingConfig = z.infer<typeof schema>;

/** The values that a stack may keep encrypted stay so on their way into the job and the state. */
export interface SecretConfig {
  hyperparameters: pulumi.Input<TrainingConfig["hyperparameters"]>;
  environment: pulumi.Input<TrainingConfig["environment"]>;
}

/**
 * Reads the `training:` configuration of the current stack. Every fault is named at once, before anything is created; a Node that cannot
 * run the program is named first.
 */
export function loadConfig(): Omit<TrainingConfig, keyof SecretConfig> & SecretConfig {
  checkNodeVersion();
  const config = parseConfig(readRaw("training"));
  const secretKeys: string[] = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]");
  const keep = <T>(key: string, value: T) =>
    secretKeys.includes(`training:${key}`) ? pulumi.secret(value) : value;
  return {
    ...config,
    hyperparameters: keep("hyperparameters", config.hyperparameters),
    environment: keep("environment", config.environment),
  };
}

/** Checks raw configuration values, as texts or as what they stand for. Throws a RunError that lists every fault. */
export function parseConfig(raw: Record<string, unknown>): TrainingConfig {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => {
    const key = issue.path.length > 0 ? `training:${issue.path.join(".")}` : "training";
    return `  ${key}: ${issue.message}`;
  });
  throw new pulumi.RunError(
    `The stack's configuration is not valid:\n${faults.join("\n")}\nSee the table in README.md.`,
  );
}

/**
 * All keys of a namespace. `pulumi.Config` reads one named key at a time, which would let a misspelt one pass unseen. Values
 * arrive as texts; numbers, booleans, objects and lists are JSON.
 */
function readRaw(namespace: string): Record<string, unknown> {
  const raw: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(pulumi.runtime.allConfig())) {
    const [owner, ...name] = key.split(":");
    if (owner === namespace) raw[name.join(":")] = isJson(name.join(":")) ? fromJson(value) : value;
  }
  return raw;
}

/** Only what is not a text in the schema is JSON: Python "3.10" must not become the number 3.1. */
function isJson(key: string): boolean {
  const type = (schema.shape as Record<string, z.ZodType>)[key];
  const inner = type instanceof z.ZodDefault ? type.unwrap() : type;
  return [z.ZodNumber, z.ZodBoolean, z.ZodRecord, z.ZodArray].some((json) => inner instanceof json);
}

function fromJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value; // left to the schema to refuse
  }
}
