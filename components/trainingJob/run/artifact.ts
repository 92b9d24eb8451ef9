import type { AwsApi, JobDescription } from "../aws/api";
import { isDenied, ObjectDeniedError } from "../aws/denied";

/** Looks for the artifact of a job where its description says it is. Throws an ObjectDeniedError when S3 does not tell. */
export async function hasArtifact(api: AwsApi, job: JobDescription): Promise<boolean> {
  const uri = job.ModelArtifacts?.S3ModelArtifacts;
  if (!uri) return false;
  // Without compression the artifact is a prefix that holds files.
  if (job.OutputDataConfig?.CompressionType !== "NONE") return api.objectExists(uri);
  try {
    return (await api.listObjects(uri, 1)).length > 0;
  } catch (error) {
    throw isDenied(error) ? new ObjectDeniedError(uri, error as Error) : error;
  }
}
