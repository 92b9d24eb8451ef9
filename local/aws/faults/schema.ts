import { z } from "zod";

/** Wrong answers of the API. */
const apiFault = z.strictObject({
  /** Share of matching calls that get a wrong answer, 0 to 1. */
  probability: z.number().min(0).max(1),
  /**
   * What they get, one of these at random. `lost` carries the call out and then resets the connection,
   * the others do not carry it out. Default ThrottlingException.
   */
  errors: z
    .array(z.enum(["ThrottlingException", "ServiceUnavailable", "ExpiredTokenException", "reset", "lost"]))
    .min(1)
    .default(["ThrottlingException"]),
  /** SageMaker operations such as `CreateTrainingJob`. Default all. Other services have no operation names here. */
  operations: z.array(z.string()).min(1).optional(),
  /** Signing names: `sagemaker`, `s3`, `logs`, `monitoring`, `iam`, ... Default `sagemaker`. */
  services: z.array(z.string()).min(1).default(["sagemaker"]),
  /** Stop after this many wrong answers. Default no limit. */
  times: z.int().min(1).optional(),
});

/** What happens to jobs on purpose. */
const jobFault = z.strictObject({
  /** Job names, `*` stands for anything. Default every job. */
  name: z.string().default("*"),
  /** Spot jobs: how often the instances are reclaimed. Default 0. */
  spotInterruptions: z.int().min(0).default(0),
  /** Seconds from the start of the processes to each interruption. Default 1. */
  interruptAfterSeconds: z.number().min(0).default(1),
  /** In place of the time: a text whose appearance in the log brings each interruption. */
  interruptOnLine: z.string().min(1).optional(),
  /** Spot jobs: seconds without spot capacity before they start; `true` never has any. Default 0. */
  noSpotCapacity: z.union([z.boolean(), z.number().min(0)]).default(false),
  /** This many jobs fail with CapacityError; `true` is all of them. Default none. */
  capacityErrors: z.union([z.boolean(), z.int().min(0)]).default(false),
  /** Restrict `capacityErrors` to one way of buying. Default both. */
  capacityErrorsFor: z.enum(["spot", "on-demand"]).optional(),
  /** Attempts that end with InternalServerError; a RetryStrategy restarts the job. Default 0. */
  internalErrors: z.int().min(0).default(0),
  /** Seconds until the first line reaches CloudWatch Logs. Default 0. */
  logDelaySeconds: z.number().min(0).default(0),
});

/** What SageMaker says of a role that has not reached all of AWS yet; terraform-provider-aws retries the same. */
export const spreadingMessages = [
  "could not assume role",
  "no identity-based policy allows",
  "no S3 objects found",
  "unauthorized to list",
  "access denied to output",
  "access denied for repository",
  "access denied to hub content",
] as const;

/** Roles that were made a moment ago. */
const newRoleFault = z.strictObject({
  /** Seconds from the role's creation during which CreateTrainingJob refuses it. */
  seconds: z.number().min(0),
  /** What it says, one after the other. Default all of them. */
  messages: z
    .array(z.enum(spreadingMessages))
    .min(1)
    .default([...spreadingMessages]),
});

export const faultsSchema = z.strictObject({
  /** Makes the choices repeatable. */
  seed: z.int().optional(),
  api: z.array(apiFault).default([]),
  /** The first entry whose name fits a job is used for it. */
  jobs: z.array(jobFault).default([]),
  /** New roles are usable at once by default. */
  newRoles: newRoleFault.optional(),
  /** Instances of a type that one account may use at once; more is ResourceLimitExceeded. Default no quota. */
  quotas: z.record(z.string(), z.int().min(0)).default({}),
});

/** All faults in force; the body of `POST /_local/faults`. */
export type Faults = z.infer<typeof faultsSchema>;
export type ApiFault = Faults["api"][number];
export type SpreadingMessage = (typeof spreadingMessages)[number];
export type JobFault = Faults["jobs"][number];
