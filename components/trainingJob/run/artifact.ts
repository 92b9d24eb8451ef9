import type { AwsApi, JobDescription } from "../aws/api";

/** What is known of a completed job's artifact; an error when it may not be looked at. */
export type Artifact = "there" | "none" | "not expected" | Error;

/** Looks for the artifact of a job where its description says it is. */
export async function artifactOf(api: AwsApi, job: JobDescription): Promise<Artifact> {
  const uri = job.ModelArtifacts?.S3ModelArtifacts;
  // A serverless evaluation has results and no model.
  if (!uri) return job.ServerlessJobConfig?.JobType === "Evaluation" ? "not expected" : "none";
  // Without compression the artifact is a prefix that holds files.
  const uncompressed = job.OutputDataConfig?.CompressionType === "NONE";
  try {
    const found = uncompressed ? (await api.listObjects(uri)).length > 0 : await api.objectExists(uri);
    return found ? "there" : "none";
  } catch (error) {
    const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    if ($metadata?.httpStatusCode === 403 || /AccessDenied|Forbidden/.test(name)) return error as Error;
    throw error;
  }
}

export const hasArtifact = async (api: AwsApi, job: JobDescription): Promise<boolean> =>
  (await artifactOf(api, job)) === "there";
