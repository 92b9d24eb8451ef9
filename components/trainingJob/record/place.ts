import type { CanonicalInputs } from "../args/args";

/** Raised when a reader of an earlier version would misread a record; a new field alone does not raise it. */
export const RECORD_VERSION = 1;

export const RECORD_FILE = "run.json";

/** Where the record of a job is: `<s3OutputPath>/<job>/run.json`, beside the `output/` that SageMaker puts the model into. */
export function recordUri({ outputDataConfig }: CanonicalInputs, jobName: string): string {
  return `${outputDataConfig.s3OutputPath.replace(/\/+$/, "")}/${jobName}/${RECORD_FILE}`;
}
