/**
 * Every value that this program fills in where the inputs say nothing, at its place in the canonical inputs. A serverless job gets
 * none of the first three: it chooses them by itself.
 */
export const FILLED = {
  algorithmSpecification: { trainingInputMode: "File" },
  /** GB per machine, and machines; the count only where neither instance groups nor preferences tell it. */
  resourceConfig: { volumeSizeInGB: 30, instanceCount: 1 },
  /** Seconds: one day, SageMaker's own default. */
  stoppingCondition: { maxRuntimeInSeconds: 86_400 },
  /** Only beside a checkpoint URI: the path that SageMaker itself takes. */
  checkpointConfig: { localPath: "/opt/ml/checkpoints" },
  /** Only where spot is on. */
  spot: { fallback: "none", capacityRetries: 3 },
  onCancel: "detach",
  deletePolicy: "retain",
} as const;

/**
 * Defaults of earlier releases, as paths of the request and the values that they had. States hold them, and a training that differs in a
 * default alone is no other training: a value that changes above is put here.
 */
export const FILLED_EARLIER: Record<string, unknown[]> = {};

/** Where spot checkpoints go when nothing is said: a place of its own for every experiment. `{job}` becomes its name. */
export const defaultCheckpoints = (s3OutputPath: string): string =>
  `${s3OutputPath.replace(/\/+$/, "")}/{job}/checkpoints`;
