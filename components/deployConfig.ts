import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { readRaw, secretKeys } from "./config";
import { duration, ecrImage, keyArn, optional, policyArn, roleArn, texts } from "./configSchema";
import { checkNodeVersion } from "./nodeVersion";
import { plainWords } from "./plainWords";
import { didYouMean } from "./trainingJob/args/didYouMean";
import { durationSeconds } from "./trainingJob/args/duration";

const NAMESPACE = "training-deploy";

/** Every key of the `training-deploy:` configuration. deploy/Pulumi.yaml describes them; its defaults are the ones here. */
export const deploySchema = z.strictObject({
  trainingStack: optional(
    z
      .string()
      .regex(/^[^/]+\/[^/]+\/[^/]+$/, "use ORGANIZATION/PROJECT/STACK, such as organization/training/dev"),
  ),
  endpointName: optional(
    z
      .string()
      .regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/, "use letters, digits and inner hyphens, at most 63"),
  ),

  memorySize: z
    .int()
    .refine(
      (size) => size >= 1024 && size <= 6144 && size % 1024 === 0,
      "use 1024, 2048, 3072, 4096, 5120 or 6144",
    )
    .default(3072),
  maxConcurrency: z.int().min(1).max(200).default(5),
  instanceType: optional(z.string().regex(/^ml\./, "use an instance type for hosting, such as ml.m5.large")),
  instanceCount: z.int().positive().default(1),

  rollout: z.enum(["allAtOnce", "canary", "linear"]).default("allAtOnce"),
  rolloutStep: z.int().min(1).max(50).default(10),
  rolloutWait: duration
    .refine((value) => (durationSeconds(value) ?? 0) <= 3600, "SageMaker waits an hour (1h) at most")
    .default("5m"),
  rollbackErrorRate: z.number().min(0).max(100).default(5),
  dataCapture: z.int().min(0).max(100).default(0),

  smokeRequest: z.string().min(1).default("smoke.png"),
  smokeLabel: optional(z.string()),
  smokeAnswer: z.enum(["classification", "any"]).default("classification"),

  frameworkVersion: optional(z.string()),
  imageUri: optional(ecrImage),
  roleArn: optional(roleArn),
  permissionsBoundary: optional(policyArn),
  kmsKeyArn: optional(keyArn),
  tags: texts.default({}),
});

/** The configuration of a deploy stack, parsed and checked. */
export type DeployConfig = z.infer<typeof deploySchema>;

/** Reads the `training-deploy:` configuration of the current stack. Every fault is named at once, before anything is created. */
export function loadDeployConfig(): DeployConfig {
  checkNodeVersion();
  const config = parseDeployConfig(readRaw(NAMESPACE, deploySchema.shape));
  for (const text of warnings(config)) void pulumi.log.warn(text);
  return config;
}

/** Of the alarm, in seconds. */
export const ALARM_PERIOD = 60;

/** What is taken, and may not be what is meant. */
function warnings({ rollout, rolloutWait, rollbackErrorRate }: DeployConfig): string[] {
  const found: string[] = [];
  const secret = secretKeys(NAMESPACE).map((key) => `${NAMESPACE}:${key}`);
  if (secret.length > 0) {
    found.push(
      `${secret.join(", ")}: kept encrypted in the configuration alone. What an endpoint is made of is plain in the state and on AWS, names and ` +
        "tags included: put no secret there.",
    );
  }
  const watches = rollout !== "allAtOnce" && rollbackErrorRate < 100;
  if (watches && (durationSeconds(rolloutWait) ?? 0) < ALARM_PERIOD) {
    found.push(
      `${NAMESPACE}:rolloutWait: the alarm counts by the minute, and each step is watched for less: a model that answers with errors may have all ` +
        "requests before it is rolled back. A minute (1m) is the least that helps.",
    );
  }
  return found;
}

/** Checks raw configuration values. Throws a RunError that lists every fault. */
export function parseDeployConfig(raw: Record<string, unknown>): DeployConfig {
  const parsed = deploySchema
    .superRefine((config, context) => {
      for (const [key, message] of conflicts(config)) {
        context.addIssue({ code: "custom", path: [key], message });
      }
    })
    .safeParse(raw, { error: plainWords });
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => `  ${NAMESPACE}:${key}: is not a key of this program${nearest(key)}`)
      : `  ${NAMESPACE}:${issue.path.join(".")}: ${issue.message}`,
  );
  throw new pulumi.RunError(
    `The stack's configuration is not valid:\n${faults.join("\n")}\nSee deploy/Pulumi.yaml for every key.`,
  );
}

const nearest = (key: string) => didYouMean(key, Object.keys(deploySchema.shape));

type Key = keyof DeployConfig;

/** Keys of one way of hosting, which mean nothing on the other one. */
const SERVERLESS: Key[] = ["memorySize", "maxConcurrency"];
const INSTANCES: Key[] = [
  "instanceCount",
  "rollout",
  "rolloutStep",
  "rolloutWait",
  "rollbackErrorRate",
  "dataCapture",
];

/** What would be dropped without a word, or refused by SageMaker once the deployment is under way. */
function conflicts(config: DeployConfig): [Key, string][] {
  const { instanceType, instanceCount, rollout, rolloutStep } = config;
  const defaults = deploySchema.parse({});
  const idle = (keys: Key[], reason: string): [Key, string][] =>
    keys.filter((key) => config[key] !== defaults[key]).map((key) => [key, reason]);
  if (instanceType === undefined) {
    // "Deployment guardrails only apply to Asynchronous inference and Real-time inference endpoint types"; data capture is not among what
    // a serverless endpoint can do either (Developer Guide).
    const reason =
      "SageMaker has it for instances only: set training-deploy:instanceType too, or leave it out";
    return [...idle(INSTANCES, reason), ...exclusive(config)];
  }
  const found = idle(SERVERLESS, "has no effect beside training-deploy:instanceType: leave one of them out");
  if (rollout === "allAtOnce")
    found.push(...idle(["rolloutStep"], "has no effect with rollout allAtOnce: leave it out"));
  else if (instanceCount < 2) {
    found.push([
      "rollout",
      `${rollout} moves part of the instances, of which there must be 2: raise instanceCount`,
    ]);
  }
  found.push(...wrongMachine(config), ...tooLong(config));
  // The least and the most that CapacitySize takes in percent (API reference, TrafficRoutingConfig).
  if (rollout === "linear" && rolloutStep < 10)
    found.push(["rolloutStep", "a linear step is 10 to 50 percent"]);
  return [...found, ...exclusive(config)];
}

/** What SageMaker would find out by itself, when the endpoint has been Creating for long enough. */
function wrongMachine({ instanceType = "", imageUri }: DeployConfig): [Key, string][] {
  if (imageUri) return [];
  const own = "name an image of your own in training-deploy:imageUri, or take another type";
  if (/^ml\.(trn|inf)/.test(instanceType))
    return [["instanceType", `AWS's PyTorch image does not use the chips of ${instanceType}: ${own}`]];
  // Such as m6g, c7gd and r8g: a `g` behind the generation.
  if (/^ml\.[a-z]+\d+g/.test(instanceType))
    return [
      ["instanceType", `the processors of ${instanceType} are Arm, and AWS's image is for x86: ${own}`],
    ];
  return [];
}

/** Seconds that an update may take at most (API reference, BlueGreenUpdatePolicy, MaximumExecutionTimeoutInSeconds). */
const LONGEST_UPDATE = 28_800;

function tooLong({ rollout, rolloutStep, rolloutWait }: DeployConfig): [Key, string][] {
  const steps = Math.ceil(100 / rolloutStep);
  const seconds = durationSeconds(rolloutWait) ?? 0;
  if (rollout !== "linear" || steps * seconds <= LONGEST_UPDATE) return [];
  const reason = `${steps} steps of ${Math.round(seconds / 60)} minutes take longer than the 8 hours that SageMaker has for an update: raise rolloutStep, or wait less`;
  return [["rolloutWait", reason]];
}

function exclusive({
  roleArn,
  permissionsBoundary,
  imageUri,
  frameworkVersion,
}: DeployConfig): [Key, string][] {
  const found: [Key, string][] = [];
  if (roleArn && permissionsBoundary)
    found.push(["permissionsBoundary", "has no effect beside roleArn: leave it out"]);
  if (imageUri && frameworkVersion)
    found.push(["frameworkVersion", "has no effect beside imageUri: leave it out"]);
  return found;
}
