import { GetObjectCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import pMap from "p-map";
import { isDenied } from "../../components/trainingJob/aws/denied";
import { RECORD_FILE } from "../../components/trainingJob/record/place";
import { type RunRecord, runRecord } from "../../components/trainingJob/record/schema";

/** Where runs leave their results: a folder for each job. */
export interface Place {
  bucket: string;
  /** Ends in a slash, or is empty for the whole bucket. */
  prefix: string;
}

export interface Found {
  records: { record: RunRecord; uri: string }[];
  /** Folders of jobs without a record, or with one that cannot be read, and why. */
  left: string[];
}

/** Records that are read at a time. */
const AT_ONCE = 16;

/** Reads the record of every job that has a folder there. Throws where S3 refuses and none can be read. Nothing is asked of the state, nor of SageMaker: both forget. */
export async function readRecords(s3: S3Client, { bucket, prefix }: Place): Promise<Found> {
  const folders: string[] = [];
  const listed = { Bucket: bucket, Prefix: prefix, Delimiter: "/" };
  for await (const { CommonPrefixes = [] } of paginateListObjectsV2({ client: s3 }, listed)) {
    for (const { Prefix } of CommonPrefixes) if (Prefix) folders.push(Prefix);
  }
  const found: Found = { records: [], left: [] };
  const denied: Error[] = [];
  await pMap(
    folders,
    async (folder) => {
      const uri = `s3://${bucket}/${folder}${RECORD_FILE}`;
      const record = await readRecord(s3, bucket, `${folder}${RECORD_FILE}`).catch((error: Error) => {
        if (!isDenied(error)) throw error;
        denied.push(error);
        return `${error.name}: ${error.message}`;
      });
      if (typeof record === "string") found.left.push(`${uri}: ${record}`);
      else found.records.push({ record, uri });
    },
    { concurrency: AT_ONCE },
  );
  if (found.records.length === 0 && denied.length > 0) throw denied[0];
  found.left.sort();
  return found;
}

/** The record, or why there is none. */
async function readRecord(s3: S3Client, Bucket: string, Key: string): Promise<RunRecord | string> {
  let text: string;
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    text = (await Body?.transformToString()) ?? "";
  } catch (error) {
    if ((error as Error).name !== "NoSuchKey") throw error;
    return "there is none: the job runs, was not ended by a deployment, or is of an earlier version";
  }
  try {
    const read = runRecord.safeParse(JSON.parse(text));
    if (read.success) return read.data;
    const [{ path, message }] = read.error.issues;
    return `is no record of version ${runRecord.shape.version.value}: ${path.join(".")}: ${message}`;
  } catch {
    return "is not JSON";
  }
}
