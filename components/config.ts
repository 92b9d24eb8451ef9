import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

const duration = z.union([
  z.int().positive(),
  z.string().regex(/^\d+(\.\d+)?\s*[smhd]?$/, "use seconds, or a text such as 90m, 2h, 1d"),
]);
const s3Uri = z.string().regex(/^s3:\/\/[^/]+/, "use an S3 URI such as s3://bucket/prefix");
const list = z.array(z.string().min(1));

/** Every key of the stack's `training:` configuration. Descriptions for users are in Pulumi.yaml. */
const schema = z.strictObject({
  experiment: z
    .string()
    .regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,47}$/, "use letters, digits and inner hyphens, at most 48"),
  runId: z.string().optional(),

  sourceDir: z.string().default("train"),
  entryPoint: z.string().default("train.py"),
  hyperparameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  environment: z.record(z.string(), z.string()).default({}),
  distribution: z.enum(["none", "torchDistributed", "pytorchddp"]).default("none"),
  metrics: z.record(z.string(), z.string()).default({}),

  train: s3Uri,
  val: s3Uri,
  fingerprintData: z.boolean().default(false),

  instanceType: z.string().default("ml.g5.xlarge"),
  instanceCount: z.int().positive().default(1),
  maxRun: duration.default("2h"),
  spot: z.boolean().default(true),
  maxWait: duration.optional(),
  fallback: z.enum(["none", "on-demand"]).default("none"),
  keepAlive: duration.optional(),
  onCancel: z.enum(["detach", "stop"]).default("detach"),
  deletePolicy: z.enum(["retain", "delete"]).default("retain"),

  frameworkVersion: z.string().default("2.4.0"),
  pythonVersion: z.string().default("py311"),
  imageRepository: z.string().optional(),
  imageTag: z.string().optional(),

  bucketName: z.string().optional(),
  roleArn: z.string().optional(),
  kmsKeyArn: z.string().optional(),
  subnets: list.default([]),
  securityGroupIds: list.default([]),
  networkIsolation: z.boolean().default(false),
  tags: z.record(z.string(), z.string()).default({}),
});

/** The stack's configuration, parsed and checked. */
export type TrainingConfig = z.infer<typeof schema>;

/**
 * Reads the `training:` configuration of the current stack. Every fault is named at once, before anything is created.
 */
export function loadConfig(): TrainingConfig {
  return parseConfig(readRaw("training"));
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
 * arrive as texts; those that are numbers, booleans, objects or lists are JSON.
 */
function readRaw(namespace: string): Record<string, unknown> {
  const raw: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(pulumi.runtime.allConfig())) {
    const [owner, name] = key.split(":");
    if (owner === namespace) raw[name] = texts.has(name) ? value : fromText(value);
  }
  return raw;
}

/** Keys whose value stays a text even when it looks like JSON: version "2.10" is not the number 2.1. */
const texts = new Set(
  Object.entries(schema.shape)
    .filter(([, type]) => acceptsOnlyText(type))
    .map(([key]) => key),
);

function acceptsOnlyText(type: z.ZodType): boolean {
  const inner = type instanceof z.ZodOptional || type instanceof z.ZodDefault ? type.unwrap() : type;
  return inner instanceof z.ZodString || inner instanceof z.ZodEnum;
}

function fromText(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
