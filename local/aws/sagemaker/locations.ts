import { HeadBucketCommand, ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import type { S3DataSource } from "@aws-sdk/client-sagemaker";
import { isRefusal, parseS3Uri, type S3Location } from "../training/transfer/s3.ts";
import { validationError } from "./errors.ts";
import type { TrainingJobRequest } from "./record.ts";

export interface LocationClients {
  /** The service's own: sees every bucket. */
  service: S3Client;
  /** The job's role, in the job's region: who reads the data is who must find it. */
  role: S3Client;
}

/**
 * Refuses a job whose data or whose buckets are not there, when it is created, as SageMaker does. Its words for data are public; those for
 * a bucket of the output or of the checkpoints are not.
 */
export async function checkLocations(
  { service, role }: LocationClients,
  request: TrainingJobRequest,
  region: string,
): Promise<void> {
  const sources = (request.InputDataConfig ?? []).flatMap(({ DataSource: from }) => from?.S3DataSource ?? []);
  const looks = await Promise.allSettled([
    ...sources.map((source) => checkData(role, source, request.RoleArn, region)),
    checkBucket(service, "OutputDataConfig", request.OutputDataConfig?.S3OutputPath),
    checkBucket(service, "CheckpointConfig", request.CheckpointConfig?.S3Uri),
  ]);
  // Of several that are not there the first counts, whichever answer came first.
  for (const look of looks) if (look.status === "rejected") throw look.reason;
}

async function checkData(
  s3: S3Client,
  { S3Uri: uri = "" }: S3DataSource,
  roleArn: string,
  region: string,
): Promise<void> {
  const { bucket, key } = locate("InputDataConfig", uri);
  let refusal = "";
  try {
    const found = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 }));
    if ((found.Contents ?? []).length > 0) return;
  } catch (error) {
    if (!isRefusal(error) && statusOf(error) !== elsewhere) throw error;
    if ((error as Error).name.startsWith("AccessDenied")) throw validationError(notAllowed(roleArn, bucket));
    refusal = ` Error message from S3: ${(error as Error).message}`;
  }
  throw validationError(noObjects(uri, bucket, roleArn, region) + refusal);
}

async function checkBucket(s3: S3Client, member: string, uri: string | undefined): Promise<void> {
  if (uri === undefined) return;
  const { bucket } = locate(member, uri);
  try {
    await s3.send(new HeadBucketCommand({ Bucket: bucket }));
  } catch (error) {
    if (statusOf(error) === 404) {
      throw validationError(`The S3 bucket "${bucket}" given in ${member} does not exist (${uri}).`);
    }
    // A bucket of another region, or one that only its owner may look at, is there.
    if (!isRefusal(error) && statusOf(error) !== elsewhere) throw error;
  }
}

/** S3's answer for a bucket of another region. */
const elsewhere = 301;
const statusOf = (error: unknown) =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;

/** Where a URI of the request leads; throws the service's answer for one that is not S3's. */
export function locate(member: string, uri: string): S3Location {
  try {
    return parseS3Uri(uri);
  } catch {
    throw validationError(`Invalid S3 URI in ${member}: ${uri}`);
  }
}

/** What SageMaker says where the role finds nothing. */
export const noObjects = (uri: string, bucket: string, roleArn: string, region: string): string =>
  `No S3 objects found under S3 URL "${uri}" given in input data source. Please ensure that the bucket exists in the selected region (${region}), that objects exist under that S3 prefix, and that the role "${roleArn}" has "s3:ListBucket" permissions on bucket "${bucket}".`;

/** What SageMaker says where the role may not look. */
export function notAllowed(roleArn: string, bucket: string): string {
  const [, , , , account, name] = roleArn.split(":");
  const session = `arn:aws:sts::${account}:assumed-role/${name.split("/").at(-1)}/SageMaker`;
  return `User: ${session} is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::${bucket}" because no identity-based policy allows the s3:ListBucket action`;
}
