import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { S3Client } from "@aws-sdk/client-s3";
import pMap from "p-map";
import { extract } from "tar";
import { download, listKeys, parallelTransfers, parseS3Uri } from "../../training/transfer/s3.ts";
import { type ModelSource, sourceOf } from "../api/modelData.ts";
import type { ModelRequest } from "../records/record.ts";
import { DeploymentFault } from "./faults.ts";

/**
 * Brings a model's files into a folder, once: an endpoint that comes back with the local AWS finds them there, whatever has become of the
 * object in S3.
 */
export async function fetchModel(
  s3: S3Client,
  model: ModelRequest,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  if (existsSync(folder)) return;
  const unfinished = `${folder}.part`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  const source = sourceOf(model);
  if (source?.isArchive) await unpack(s3, source, unfinished, signal);
  else if (source) await downloadAll(s3, source, unfinished, signal);
  await rename(unfinished, folder);
}

async function unpack(s3: S3Client, { uri }: ModelSource, folder: string, signal: AbortSignal) {
  const archive = `${folder}.tar.gz`;
  try {
    await download(s3, parseS3Uri(uri), archive, signal).catch((error) => {
      signal.throwIfAborted();
      throw notDownloaded(uri, error);
    });
    await extractArchive(archive, folder).catch((error: Error) => {
      throw new DeploymentFault(
        `Failed to extract model data archive for container "container_1" from URL: "${uri}". Please ensure that the object located at the URL is a valid tar.gz archive. (${error.message})`,
      );
    });
  } finally {
    await rm(archive, { force: true });
  }
}

/** Rejects for what is damaged or would lead out of the folder; the SDK's own archives have an entry `/`, which is no harm. */
async function extractArchive(file: string, cwd: string): Promise<void> {
  const problems: string[] = [];
  const onwarn = (code: string, message: string | Error) => {
    if (code !== "TAR_ENTRY_INFO") problems.push(String(message));
  };
  await extract({ file, cwd, onwarn });
  if (problems.length > 0) throw new Error(problems[0]);
}

async function downloadAll(s3: S3Client, { uri }: ModelSource, folder: string, signal: AbortSignal) {
  const from = parseS3Uri(uri);
  try {
    const keys = await listKeys(s3, from);
    await pMap(
      keys,
      (key) => download(s3, { bucket: from.bucket, key }, path.join(folder, below(key, from.key)), signal),
      { concurrency: parallelTransfers },
    );
  } catch (error) {
    signal.throwIfAborted();
    throw notDownloaded(uri, error);
  }
}

/** A key as a path below its prefix; `path.join` with a leading slash keeps one that would lead out inside. */
const below = (key: string, prefix: string) =>
  path.posix.join("/", key.slice(prefix.endsWith("/") ? prefix.length : prefix.lastIndexOf("/") + 1));

const notDownloaded = (uri: string, error: unknown) =>
  new DeploymentFault(
    `Failed to download model data for container "container_1" from URL: "${uri}". Please ensure that there is an object located at the URL and that the role passed to CreateModel has permissions to download the object. (${(error as Error).message})`,
  );
