import { z } from "zod";
import { RECORD_VERSION } from "./place";

const seconds = z.number().nullable();
const figures = z.record(z.string(), z.number());

const attempt = z.looseObject({
  trainingJobName: z.string(),
  purchaseOption: z.string(),
  status: z.string(),
  secondaryStatus: z.string(),
  trainingSeconds: z.number().optional(),
  billableSeconds: z.number().optional(),
  reason: z.string().optional(),
});

const step = z.looseObject({
  status: z.string(),
  startTime: z.string(),
  endTime: z.string().optional(),
  message: z.string().optional(),
});

const curve = z.object({
  /** How many values the log told. */
  count: z.number(),
  /** At most 500 of them, oldest first, the last one included. */
  points: z.array(z.object({ time: z.string(), epoch: z.number().optional(), value: z.number() })),
});

/**
 * What a run leaves beside its model: everything that tells it from other runs, and how it went. What is not known is null; a reader
 * leaves out fields that it does not know.
 */
export const runRecord = z.object({
  version: z.literal(RECORD_VERSION),
  /** Name of the last job, the one whose folder this is. */
  trainingJobName: z.string(),
  trainingJobArn: z.string(),
  /** Start of the job's name. */
  experiment: z.string().nullable(),
  project: z.string().nullable(),
  stack: z.string().nullable(),
  /** The resource in that stack. */
  urn: z.string().nullable(),
  region: z.string(),
  status: z.string(),
  secondaryStatus: z.string(),
  failureReason: z.string().nullable(),
  /** ISO 8601; of the last job. */
  startTime: z.string().nullable(),
  endTime: z.string().nullable(),
  /** SHA-256 of what defines the training: equal for runs of the same training. */
  definition: z.string(),
  /** The inputs of the resource, with "[secret]" for secrets. */
  inputs: z.record(z.string(), z.unknown()),
  source: z
    .object({
      uri: z.string(),
      /** A hash of its files. */
      digest: z.string().nullable(),
      /** Path -> hash. */
      files: z.record(z.string(), z.string()),
      /** Null where the code is in no git repository. */
      git: z.object({ commit: z.string(), clean: z.boolean() }).nullable(),
    })
    .nullable(),
  /** The container image that trained. */
  image: z.string(),
  /** A hash of the data of each channel that asks for one. */
  dataFingerprints: z.record(z.string(), z.string()),
  /** S3 URI; null where the run left no model. */
  modelArtifact: z.string().nullable(),
  /** Final value of each metric, as SageMaker has it. */
  metrics: figures,
  /** How each metric went, from the log. */
  curves: z.record(z.string(), curve),
  trainingSeconds: seconds,
  billableSeconds: seconds,
  /** In USD, over all attempts. */
  cost: z.looseObject({ basis: z.string(), actual: z.number().optional() }),
  timeline: z.array(step),
  /** Every job that was started for this training. */
  attempts: z.array(attempt),
  logUrl: z.string(),
  consoleUrl: z.string(),
  /** What wrote the record. */
  versions: z.record(z.string(), z.string()),
});

export type RunRecord = z.infer<typeof runRecord>;
