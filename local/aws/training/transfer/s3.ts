import { createWriteStream } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import pRetry from "p-retry";

/** Transfers of one job at the same time. */
export const parallelTransfers = 16;

/** Read or written at once: by Node's defaults of 64 KB a gigabyte takes nearly twice as long. */
const highWaterMark = 1024 * 1024;

export interface S3Location {
  bucket: string;
  /** Key or key prefix, without a leading slash. */
  key: string;
}

// The hosts of S3 (AWS General Reference, "Amazon S3 endpoints"): plain, of a region, dual-stack, FIPS, the older s3-region, and China's.
const host =
  /^(?:(?<bucket>.+)\.)?s3(?:-fips)?(?:[.-](?:dualstack\.)?[a-z]{2,4}(?:-[a-z]+)+-\d+)?\.(?:amazonaws\.(?:com(?:\.cn)?|eu)|c2s\.ic\.gov|sc2s\.sgov\.gov)$/;

/**
 * Reads the spellings that SageMaker takes: `s3://bucket/key`, and the https URLs of S3 with the bucket in the path or before the host.
 * components/trainingJob/args/s3Uri.ts reads them too (a CommonJS module, which cannot be imported from here), and is held against the
 * same table of cases.
 */
export function parseS3Uri(uri: string): S3Location {
  const [, scheme, authority, rest = ""] = /^(s3|https):\/\/([^/]+)\/?(.*)$/s.exec(uri) ?? [];
  if (scheme === "s3") return { bucket: authority, key: rest };
  const found = scheme === undefined ? null : host.exec(authority.toLowerCase());
  const before = found?.groups?.bucket;
  if (before) return { bucket: before, key: rest };
  const [, bucket, key = ""] = (found && /^([^/]+)\/?(.*)$/s.exec(rest)) ?? [];
  if (bucket === undefined) throw new Error(`Not an S3 URI: ${uri}`);
  return { bucket, key };
}

/** `s3://bucket/a` and `b/c` to the location of `a/b/c`, whether or not the first ends with a slash. */
export function joinS3(uri: string, ...parts: string[]): S3Location {
  const { bucket, key } = parseS3Uri(uri);
  return { bucket, key: [key.replace(/\/+$/, ""), ...parts].filter((part) => part !== "").join("/") };
}

export const toUri = ({ bucket, key }: S3Location) => `s3://${bucket}/${key}`;

/** All keys with a prefix, in S3's order, without the empty objects that stand for folders. */
export async function listKeys(s3: S3Client, { bucket, key }: S3Location): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: key })) {
    for (const object of page.Contents ?? []) {
      if (object.Key !== undefined && !object.Key.endsWith("/")) keys.push(object.Key);
    }
  }
  return keys;
}

export async function download(
  s3: S3Client,
  from: S3Location,
  file: string,
  signal?: AbortSignal,
): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const answer = await s3.send(new GetObjectCommand({ Bucket: from.bucket, Key: from.key }), {
    abortSignal: signal,
  });
  await pipeline(answer.Body as Readable, createWriteStream(file, { highWaterMark }), { signal });
}

export async function readObject(s3: S3Client, from: S3Location): Promise<string> {
  const answer = await s3.send(new GetObjectCommand({ Bucket: from.bucket, Key: from.key }));
  return (await answer.Body?.transformToString()) ?? "";
}

/** About half a minute in all, which is longer than ministack takes to start again. */
export const patience = { retries: 7, minTimeout: 250, maxTimeout: 8_000 };

/**
 * Uploads a file; tries again when S3 is out of order for a while, not when it refuses. The SDK's own retries do not count here:
 * it gives up at once when the body of a request is a stream.
 */
export function upload(s3: S3Client, file: string | Buffer, to: S3Location): Promise<void> {
  return pRetry(() => uploadOnce(s3, file, to), {
    ...patience,
    shouldRetry: ({ error }) => !isRefusal(error) && !isMissing(error),
  });
}

async function uploadOnce(s3: S3Client, file: string | Buffer, to: S3Location): Promise<void> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const put = { Bucket: to.bucket, Key: to.key, ContentLength: size };
    if (size === 0) {
      await s3.send(new PutObjectCommand({ ...put, Body: "" }));
      return;
    }
    // A script may write to the file meanwhile: what it adds is left out, what it cuts ends the upload.
    const body = handle.createReadStream({ start: 0, end: size - 1, autoClose: false, highWaterMark });
    const abort = new AbortController();
    body.on("error", (error) => abort.abort(error));
    body.once("end", () => {
      if (body.bytesRead < size) abort.abort();
    });
    await s3.send(new PutObjectCommand({ ...put, Body: body }), { abortSignal: abort.signal });
  } finally {
    await handle.close();
  }
}

/** Whether a file is not there any more. ENOENT is also what a connection to S3's socket ends with while S3 starts again. */
export function isMissing(error: unknown): boolean {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return code === "ENOENT" && syscall !== "connect";
}

/** Whether S3 refused a request, rather than failed to carry it out; 301 is its answer for a bucket of another region. */
export function isRefusal(error: unknown): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return status !== undefined && status >= 300 && status < 500;
}
