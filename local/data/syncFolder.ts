import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import {
  CreateBucketCommand,
  DeleteObjectsCommand,
  NoSuchBucket,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from "@aws-sdk/client-s3";
import pMap from "p-map";

/** Requests under way at a time; more do not make the local S3 faster. */
const concurrency = 16;
/** S3's limit of keys in one DeleteObjects request. */
const deleteBatch = 1000;

export interface SyncTarget {
  bucket: string;
  /** Ends with a slash; every object under it is the folder's. */
  prefix: string;
  contentType: string;
}

export interface Synced {
  sent: number;
  removed: number;
  unchanged: number;
}

/** Makes the objects under a prefix the files of a folder, comparing each file's MD5 with the object's ETag. */
export async function syncFolder(client: S3Client, dir: string, target: SyncTarget): Promise<Synced> {
  const { bucket, prefix } = target;
  const etags = await listObjects(client, bucket, prefix);
  const files = (await readdir(dir, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map((file) => path.join(file.parentPath, file.name));
  const result: Synced = { sent: 0, removed: 0, unchanged: 0 };

  const send = async (file: string) => {
    const key = prefix + path.relative(dir, file).split(path.sep).join("/");
    const body = await readFile(file);
    const etag = createHash("md5").update(body).digest("hex");
    if (etags.get(key) === etag) {
      result.unchanged++;
    } else {
      const input = { Bucket: bucket, Key: key, Body: body, ContentType: target.contentType };
      await client.send(new PutObjectCommand(input));
      result.sent++;
    }
    etags.delete(key);
  };
  await pMap(paths, send, { concurrency });

  result.removed = await removeObjects(client, bucket, [...etags.keys()]);
  return result;
}

/** Key to ETag (without its quotes) of every object under a prefix; makes the bucket when there is none. */
async function listObjects(client: S3Client, bucket: string, prefix: string): Promise<Map<string, string>> {
  const etags = new Map<string, string>();
  try {
    for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
      for (const object of page.Contents ?? []) {
        etags.set(object.Key ?? "", object.ETag?.replaceAll('"', "") ?? "");
      }
    }
  } catch (error) {
    if (!(error instanceof NoSuchBucket)) throw error;
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
  }
  return etags;
}

async function removeObjects(client: S3Client, bucket: string, keys: string[]): Promise<number> {
  for (let start = 0; start < keys.length; start += deleteBatch) {
    const batch = keys.slice(start, start + deleteBatch).map((Key) => ({ Key }));
    await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: batch, Quiet: true } }));
  }
  return keys.length;
}
