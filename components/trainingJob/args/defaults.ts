/**
 * Every value that `check` fills in where the user wrote none. A value that stood here in an earlier release goes to
 * `FILLED_EARLIER` when it changes: states hold it, and a training that only has another default is no other training.
 */
export const FILLED = {
  algorithmSpecification: { trainingInputMode: "File" },
  resourceConfig: { volumeSizeInGB: 30, instanceCount: 1 },
  checkpointConfig: { localPath: "/opt/ml/checkpoints" },
  stoppingCondition: { maxRuntimeInSeconds: 86_400 },
} as const;

/** Defaults of earlier releases, as paths of the request and the values that they had. */
export const FILLED_EARLIER: Record<string, unknown[]> = {};

/** Where a spot training keeps its checkpoints unless told otherwise: `{job}` becomes the experiment's name. */
export const defaultCheckpoints = (s3OutputPath: string): string =>
  `${s3OutputPath.replace(/\/+$/, "")}/{job}/checkpoints`;
