import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { conflicts } from "./configConflicts";
import { CONFIG_KEYS, schema, type TrainingConfig } from "./configSchema";
import { checkNodeVersion } from "./nodeVersion";
import { plainWords } from "./plainWords";
import { planSweep } from "./sweepPlan";
import type { Variant } from "./sweepVariant";
import { parseExactly } from "./trainingJob/args/exactInteger";
import { redactor } from "./trainingJob/state/redact";
import { unknownKey } from "./unknownKeys";

/** The values that a stack may keep encrypted stay so on their way into the job and the state. */
export interface SecretConfig {
  hyperparameters: pulumi.Input<TrainingConfig["hyperparameters"]>;
  environment: pulumi.Input<TrainingConfig["environment"]>;
}

/** The stack's configuration, of which some values may be secret. */
export type ExperimentConfig = Omit<TrainingConfig, keyof SecretConfig> & SecretConfig;

const STAYS_SECRET = ["hyperparameters", "environment"];
/** Names in the state are made of these, for everybody to read. */
const NEVER_SECRET = ["experiments", "grid", "halving", "gate", "notify"];

/**
 * Reads the `training:` configuration of the current stack. Every fault is named at once, before anything is created; a Node that cannot
 * run the program is named first.
 */
export function loadConfig(): ExperimentConfig & { variants: Variant[] } {
  checkNodeVersion();
  const secret = secretKeys("training");
  const told = NEVER_SECRET.find((key) => secret.includes(key));
  if (told) {
    throw new pulumi.RunError(
      `training:${told} is a secret, and names of resources and what tells of experiments are made of it: keep secrets in training:hyperparameters or training:environment.`,
    );
  }
  const config = parseConfig(readRaw("training"), secret);
  for (const key of secret.filter((each) => !STAYS_SECRET.includes(each))) {
    void pulumi.log.warn(
      `training:${key} is a secret, and what is made of it can be read in the state and on AWS: only training:hyperparameters and training:environment stay encrypted.`,
    );
  }
  const keep = <T>(key: string, value: T) => (secret.includes(key) ? pulumi.secret(value) : value);
  return {
    ...config,
    variants: planSweep(config).variants,
    hyperparameters: keep("hyperparameters", config.hyperparameters),
    environment: keep("environment", config.environment),
  };
}

const checkedSchema = schema.superRefine((config, context) => {
  for (const { key, reason } of conflicts(config)) {
    context.addIssue({ code: "custom", path: [key], message: reason });
  }
  for (const { path, message } of planSweep(config).faults) {
    context.addIssue({ code: "custom", path, message });
  }
});

/**
 * Checks raw configuration values, as texts or as what they stand for. Throws a RunError that lists every fault; of the keys in `secret`
 * it repeats no value.
 */
export function parseConfig(raw: Record<string, unknown>, secret: string[] = []): TrainingConfig {
  const parsed = checkedSchema.safeParse(raw, { error: plainWords });
  if (parsed.success) return parsed.data;
  const known = { keys: CONFIG_KEYS, maps: MAPS, lists: LISTS, raw, secret };
  // Apart from the others, of which one could have the name of a thing that the redactor knows.
  const secrets = Object.fromEntries(secret.map((key) => [key, raw[key]]));
  const inputs = { training: secrets, secretInputs: secret.map((key) => ["training", key]) };
  const redact = redactor(inputs);
  const faults = parsed.error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys" && issue.path.length === 0) {
      return issue.keys.map((key) => `  training:${key}: ${unknownKey(key, known)}`);
    }
    return `  training:${issue.path.join(".")}: ${redact(issue.message)}`;
  });
  throw new pulumi.RunError(
    `The stack's configuration is not valid:\n${faults.join("\n")}\nSee the table in README.md.`,
  );
}

/** The keys of a namespace whose values the stack keeps encrypted. */
export function secretKeys(namespace: string): string[] {
  const all: string[] = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]");
  return all.filter((key) => key.startsWith(`${namespace}:`)).map((key) => key.slice(namespace.length + 1));
}

/**
 * All keys of a namespace. `pulumi.Config` reads one named key at a time, which would let a misspelt one pass unseen. Values
 * arrive as texts; numbers, booleans, objects and lists are JSON.
 */
export function readRaw(
  namespace: string,
  shape: Record<string, z.ZodType> = schema.shape,
): Record<string, unknown> {
  const raw: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(pulumi.runtime.allConfig())) {
    const [owner, ...name] = key.split(":");
    if (owner === namespace) raw[name.join(":")] = isJson(name.join(":"), shape) ? fromJson(value) : value;
  }
  return raw;
}

/** Only what is not a text in the schema is JSON: Python "3.10" must not become the number 3.1. */
const isJson = (key: string, shape: Record<string, z.ZodType>): boolean =>
  isOf(key, [z.ZodNumber, z.ZodBoolean, z.ZodRecord, z.ZodObject, z.ZodArray], shape);

function isOf(
  key: string,
  types: (abstract new (...args: never) => z.ZodType)[],
  shape: Record<string, z.ZodType> = schema.shape,
): boolean {
  const type = shape[key];
  const inner = type instanceof z.ZodDefault ? type.unwrap() : type;
  return types.some((each) => inner instanceof each);
}

const LISTS = CONFIG_KEYS.filter((key) => isOf(key, [z.ZodArray]));
const MAPS = CONFIG_KEYS.filter((key) => isOf(key, [z.ZodRecord, z.ZodObject]));

function fromJson(value: string): unknown {
  try {
    return parseExactly(value);
  } catch {
    return value; // left to the schema to refuse
  }
}
