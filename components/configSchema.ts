import { z } from "zod";
import type { Json } from "./trainingJob/args/args";
import { DURATION_FORMS, durationSeconds } from "./trainingJob/args/duration";

const unsetBy =
  (empty: unknown[]) =>
  <T extends z.ZodType>(type: T) =>
    z.preprocess((value) => (empty.includes(value) ? undefined : value), type.optional());
/** An empty text means "not set": Pulumi.yaml must give every optional key a default. In an experiment of several null does too. */
export const optional = unsetBy(["", null]);
/** Of what a gate asks for, nothing is left out for a value that is missing. */
const asked = unsetBy([""]);
const isDuration = (value: string | number) => durationSeconds(value) !== undefined;
const durationFault = `use ${DURATION_FORMS}`;
export const duration = z
  .union([z.string(), z.number()], { error: durationFault })
  .refine(isDuration, durationFault);
const s3Uri = z
  .string()
  .regex(/^s3:\/\/[^/]+/, "use an S3 URI such as s3://bucket/prefix")
  // As Pulumi.dev.yaml is shipped.
  .refine((uri) => !/\bYOUR[-_]/.test(uri), {
    error: ({ input }) => `${input} is a placeholder: put in the bucket and the prefix of your data`,
  });
/** The key itself: the role's policy would not take an alias, which shows only when the artifact cannot be written. */
export const keyArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/.+/,
    "use the ARN of a key (…:key/…), not an alias or an id",
  );
export const roleArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:iam::\d+:role\/.+/,
    "use the ARN of a role, such as arn:aws:iam::ACCOUNT:role/NAME",
  );
export const policyArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:iam::(aws|\d{12}):policy\/.+/, "use the ARN of an IAM policy");
export const ecrImage = z
  .string()
  .regex(
    /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.[^/]+\/.+[:@]/,
    "use the path of an image in ECR, with tag or digest",
  );
const map = { error: "use a map of names and values, in YAML or as JSON" };
/** `pulumi config set --path training:tags.year 2026` writes a number where a text is meant. */
const text = z
  .union([z.string(), z.number(), z.boolean(), z.object({ $numberLong: z.string() })], {
    error: "use a text, a number, true or false",
  })
  .transform((value) => (typeof value === "object" ? value.$numberLong : String(value)));
export const texts = z.record(z.string(), text, map);
const list = z.array(z.string().min(1));
/** Amazon SNS writes to plain addresses only. */
const addresses = z
  .array(z.email({ error: ({ input }) => `${JSON.stringify(input)} is not an e-mail address` }))
  .superRefine((all, context) => {
    const twice = all.filter((address, at) => all.indexOf(address) < at);
    if (twice.length > 0) context.addIssue({ code: "custom", message: `${twice[0]} is there twice` });
  });
const json: z.ZodType<Json> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(json), z.record(z.string(), json)]),
);
const hyperparameter = z.union(
  [z.string(), z.number(), z.boolean(), z.array(json), z.record(z.string(), json)],
  { error: "use a text, a number, true or false, a list or a map" },
);

/** The toolkit puts the dashes before a name: two of its own would make four. */
const hyperparameters = z.record(z.string(), hyperparameter, map).superRefine((all, context) => {
  for (const name of Object.keys(all)) {
    const bare = name.replace(/^-+/, "");
    if (bare !== "" && bare === name) continue;
    const message =
      bare === ""
        ? "has a name without letters, and the script is given it as --NAME"
        : `leave the dashes out: the script is given --${bare}`;
    context.addIssue({ code: "custom", path: [name], message });
  }
});

/** `pulumi config set --path training:gate.min 0.9` writes a text. */
const figure = z
  .union(
    [
      z.number(),
      z
        .string()
        .regex(/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i)
        .transform(Number),
    ],
    {
      error: "use a number",
    },
  )
  .refine(Number.isFinite, "use a number");
const gate = z.strictObject(
  {
    metric: asked(z.string()),
    min: asked(figure),
    max: asked(figure),
    betterThan: asked(
      z.string().regex(/^[\w.-]+(\/[\w.-]+){0,2}$/, "use the name of a stack: ORGANIZATION/PROJECT/STACK"),
    ),
    by: asked(figure.refine((by) => by >= 0, "use a number that is not negative")),
  },
  {
    error: ({ code, keys }) =>
      code === "unrecognized_keys"
        ? `has no ${(keys as string[]).join(", ")}: use metric, min or max, betterThan and by`
        : "use a map such as {min: 0.9}, in YAML or as JSON",
  },
);

const repositoryFault = "use the repository's name alone; a whole path goes into training:imageUri";

/** Every key of the stack's `training:` configuration. Pulumi.yaml describes them; its defaults are the ones here. */
export const schema = z.strictObject({
  experiment: z
    .string()
    .regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,47}$/, "use letters, digits and inner hyphens, at most 48")
    .default("densenet121"),
  runId: optional(text),

  sourceDir: z.string().min(1).default("train"),
  entryPoint: z.string().min(1).default("train.py"),
  hyperparameters: hyperparameters.default({}),
  environment: texts.default({}),
  distribution: z.enum(["none", "torchDistributed", "pytorchddp"]).default("none"),
  metrics: z.record(z.string(), z.string(), map).default({}),
  primaryMetric: optional(z.string()),
  primaryGoal: optional(z.enum(["maximize", "minimize"])),

  experiments: z.record(z.string(), json, map).default({}),
  grid: z.record(z.string(), json, map).default({}),
  halving: z.record(z.string(), json, map).default({}),
  onFailure: z.enum(["fail", "record"]).default("fail"),

  gate: gate.default({}),

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
  dashboard: z.boolean().default(false),
  notify: addresses.default([]),

  frameworkVersion: optional(z.string()),
  pythonVersion: optional(z.string()),
  dockerfile: optional(z.string()),
  imageRepository: optional(
    z
      .string()
      .regex(/^[a-z0-9][a-z0-9._/-]*$/, repositoryFault)
      .refine((name) => !/\.dkr[.-]ecr|\.amazonaws\.|^public\.ecr\.aws/.test(name), repositoryFault),
  ),
  imageTag: optional(
    z.string().regex(/^[^:@]+$/, "use a tag; a digest goes into training:imageUri, behind @"),
  ),
  imageUri: optional(ecrImage),

  bucketName: optional(
    z.string().regex(/^[^/:\s]+$/, "use the name of a bucket, without s3:// and without a folder"),
  ),
  roleArn: optional(roleArn),
  permissionsBoundary: optional(policyArn),
  kmsKeyArn: optional(keyArn),
  dataKmsKeyArns: z.array(keyArn).default([]),
  subnets: list.default([]),
  securityGroupIds: list.default([]),
  networkIsolation: z.boolean().default(false),
  tags: texts.default({}),
});

/** Every key that a stack may set. */
export const CONFIG_KEYS = Object.keys(schema.shape);

/** The stack's configuration, parsed and checked. */
export type TrainingConfig = z.infer<typeof schema>;
