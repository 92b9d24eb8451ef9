import { parseS3Uri } from "../../components/trainingJob/args/s3Uri";
import { isRecord } from "../../components/trainingJob/args/unknown";
import type { Place } from "./records";

/** The folder of an ArtifactStore that has the folders of its jobs. */
const ARTIFACTS = "artifacts/";
const TRAINING_JOB = "pulumi-nodejs:dynamic/sagemaker:TrainingJob";

/** `bucket`, `bucket/prefix` or `s3://bucket/prefix`; without a prefix the folder that this program's buckets have for artifacts. */
export function placeOf(text: string): Place {
  const [, bucket = "", prefix = ""] = /^(?:s3:\/\/)?([^/]+)\/*(.*)$/.exec(text) ?? [];
  return { bucket, prefix: prefix === "" ? ARTIFACTS : `${prefix.replace(/\/+$/, "")}/` };
}

/** Where a stack's runs leave their results, by its outputs: the bucket, and the place of its model where that is another. */
export function placesOfOutputs({ bucket, model, ...outputs }: Record<string, unknown>): Place[] {
  // The model may be of another job than the last one: of the last that a gate let pass.
  const { modelArtifact, trainingJobName } = { ...outputs, ...(isRecord(model) ? model : {}) };
  const places: Place[] = typeof bucket === "string" && bucket !== "" ? [placeOf(bucket)] : [];
  if (typeof modelArtifact === "string" && typeof trainingJobName === "string") {
    const [before, after] = modelArtifact.split(`/${trainingJobName}/`);
    if (after !== undefined) places.push(...placesOfPath(before));
  }
  return unique(places);
}

/** The same by the jobs in a stack's state: for a stack whose first deployment failed, or whose outputs name no bucket. */
export function placesOfState(state: unknown): Place[] {
  const { resources = [] } = ((state as { deployment?: object })?.deployment ?? {}) as {
    resources?: { type: string; inputs?: Inputs; outputs?: Inputs }[];
  };
  const jobs = resources.filter(({ type }) => type === TRAINING_JOB);
  const paths = jobs.map(({ inputs, outputs }) => (outputs ?? inputs)?.outputDataConfig?.s3OutputPath);
  return unique(paths.flatMap((path) => (typeof path === "string" ? placesOfPath(path) : [])));
}

interface Inputs {
  outputDataConfig?: { s3OutputPath?: unknown };
}

function placesOfPath(uri: string): Place[] {
  const place = parseS3Uri(uri);
  if (!place) return [];
  const key = place.key.replace(/\/+$/, "");
  return [{ bucket: place.bucket, prefix: key === "" ? "" : `${key}/` }];
}

export function unique(places: Place[]): Place[] {
  const byUri = new Map(places.map((place) => [`${place.bucket}/${place.prefix}`, place]));
  return [...byUri.values()];
}
