import { rm } from "node:fs/promises";
import path from "node:path";
import type { S3Client } from "@aws-sdk/client-s3";
import { extract } from "tar";
import type { TrainingJobRequest } from "../../sagemaker/record.ts";
import { download, parseS3Uri } from "./s3.ts";

/**
 * Unpacks the source bundle into a host's code directory, which saves the toolkit the start of an S3 client.
 *
 * Anything that goes wrong leaves the directory empty: the toolkit then tries itself and words the failure as
 * it does on AWS. So does a job with network isolation, whose container cannot reach S3 on AWS either.
 */
export async function unpackSource(
  s3: S3Client,
  request: TrainingJobRequest,
  { base, temporary, signal }: { base: string; temporary: string; signal: AbortSignal },
): Promise<void> {
  const uri = sourceUri(request);
  if (uri === undefined || request.EnableNetworkIsolation === true) return;
  const bundle = path.join(temporary, `${path.basename(base)}.tar.gz`);
  const code = path.join(base, "code");
  try {
    await download(s3, parseS3Uri(uri), bundle, signal);
    await extract({ file: bundle, cwd: code, strict: true });
  } catch {
    signal.throwIfAborted();
    await rm(code, { recursive: true, force: true });
  } finally {
    await rm(bundle, { force: true });
  }
}

/** The S3 URI in `sagemaker_submit_directory`, which script mode sends JSON-encoded. */
export function sourceUri(request: TrainingJobRequest): string | undefined {
  const value = request.HyperParameters?.sagemaker_submit_directory?.replace(/^"(.*)"$/, "$1");
  return value?.startsWith("s3://") ? value : undefined;
}
