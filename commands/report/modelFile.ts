import { pipeline } from "node:stream/promises";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import * as tar from "tar";
import { parseS3Uri } from "../../components/trainingJob/args/s3Uri";

/** Bytes of a model archive up to which it is read for one small file: reading all of S3's larger ones takes minutes and costs traffic. */
export const LARGEST_ARCHIVE = 2 * 1024 ** 3;
/** Bytes of the file itself; the matrix of 500 classes is below 2 MB. */
const LARGEST_FILE = 4 * 1024 ** 2;

export type ModelFile = { text: string } | { missing: string };

/** Reads a file at the top of a model artifact: out of its tar, or beside the others where the job compresses nothing. */
export async function readModelFile(s3: S3Client, artifact: string, file: string): Promise<ModelFile> {
  const place = parseS3Uri(artifact);
  if (!place) return { missing: `${artifact} is no S3 URI` };
  const { bucket: Bucket, key } = place;
  const isArchive = key.endsWith(".tar.gz");
  const Key = isArchive ? key : `${key.replace(/\/*$/, "/")}${file}`;
  try {
    const { Body, ContentLength = 0 } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const body = Body as NodeJS.ReadableStream & { destroy(): void };
    const limit = isArchive ? LARGEST_ARCHIVE : LARGEST_FILE;
    if (ContentLength > limit) {
      body.destroy();
      return { missing: `s3://${Bucket}/${Key} has ${ContentLength} bytes: more than ${limit} are not read` };
    }
    if (!isArchive) return { text: (await Body?.transformToString()) ?? "" };
    return (await inArchive(body, file)) ?? { missing: `there is no ${file} in it` };
  } catch (error) {
    const { name, message } = error as Error;
    if (name === "NoSuchKey" && !isArchive) return { missing: `there is no ${file} in it` };
    return { missing: `it cannot be read: ${name}: ${message}` };
  }
}

/** Reads no further than the file. */
async function inArchive(body: NodeJS.ReadableStream, file: string): Promise<ModelFile | undefined> {
  const enough = new AbortController();
  let found: ModelFile | undefined;
  const reader = tar.list({
    filter: (path) => path.replace(/^\.\//, "") === file,
    onReadEntry: (entry) => {
      if (entry.size > LARGEST_FILE) {
        found = { missing: `its ${file} has ${entry.size} bytes: more than ${LARGEST_FILE} are not read` };
        enough.abort();
        return;
      }
      const parts: Buffer[] = [];
      entry.on("data", (part) => parts.push(part));
      entry.on("end", () => {
        found = { text: Buffer.concat(parts).toString("utf8") };
        enough.abort();
      });
    },
  });
  try {
    await pipeline(body, reader, { signal: enough.signal });
  } catch (error) {
    if (!found) throw error;
  }
  return found;
}
