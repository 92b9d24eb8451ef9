import { HeadObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { validationError } from "../../sagemaker/errors.ts";
import { isRefusal, listKeys, parseS3Uri } from "../../training/transfer/s3.ts";
import { containerOf, type ModelRequest } from "../records/record.ts";

/** Where a model's files are; undefined for a model that is in its image alone. */
export interface ModelSource {
  uri: string;
  /** A tar.gz, or all objects below a prefix. */
  isArchive: boolean;
}

export function sourceOf(model: ModelRequest): ModelSource | undefined {
  const { ModelDataUrl: url, ModelDataSource: source } = containerOf(model);
  if (url !== undefined) return { uri: url, isArchive: true };
  const s3 = source?.S3DataSource;
  return s3?.S3Uri === undefined ? undefined : { uri: s3.S3Uri, isArchive: s3.CompressionType === "Gzip" };
}

/** Throws what SageMaker says where the model's role does not find the data. */
export async function checkModelData(s3: S3Client, model: ModelRequest, region: string): Promise<void> {
  const source = sourceOf(model);
  if (!source) return;
  const location = parseS3Uri(source.uri);
  try {
    if (!source.isArchive) {
      if ((await listKeys(s3, location)).length > 0) return;
    } else {
      await s3.send(new HeadObjectCommand({ Bucket: location.bucket, Key: location.key }));
      return;
    }
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if ((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode !== 404) {
      throw validationError(
        `Could not access model data at ${source.uri}. Please ensure that the role "${model.ExecutionRoleArn}" exists and that its trust relationship policy allows the action "sts:AssumeRole" for the service principal "sagemaker.amazonaws.com". Also ensure that the role has "s3:GetObject" permissions and that the object is located in ${region}.`,
      );
    }
  }
  throw validationError(`Could not find model data at ${source.uri}.`);
}
