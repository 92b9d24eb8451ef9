import { cp, mkdir } from "node:fs/promises";
import path from "node:path";
import type { S3Client } from "@aws-sdk/client-s3";
import type { Channel } from "@aws-sdk/client-sagemaker";
import pMap from "p-map";
import type { TrainingJobRequest } from "../../sagemaker/record.ts";
import { ClientFault } from "../faultReasons.ts";
import { channelsOf } from "../process/configFiles.ts";
import { type ChannelObject, checkKeys, parseManifest, relativeToPrefix, shard } from "./channelKeys.ts";
import { download, isRefusal, listKeys, parallelTransfers, parseS3Uri, readObject, toUri } from "./s3.ts";

export interface ChannelOptions {
  s3: S3Client;
  request: TrainingJobRequest;
  hosts: string[];
  /** The /opt/ml of a host. */
  base: (host: string) => string;
  signal: AbortSignal;
}

/** Downloads the job's channels to every host, as its File mode would. */
export async function downloadChannels(options: ChannelOptions): Promise<void> {
  for (const channel of options.request.InputDataConfig ?? []) {
    await downloadChannel(channel, options);
  }
}

async function downloadChannel(channel: Channel, options: ChannelOptions): Promise<void> {
  const { base } = options;
  const source = channel.DataSource?.S3DataSource;
  const hosts = options.hosts.filter((host) =>
    channelsOf(host, options.hosts, options.request).includes(channel),
  );
  if (hosts.length === 0) return;
  const uri = source?.S3Uri ?? "";
  const objects = await explain(uri, () => listObjects(options.s3, uri, source?.S3DataType ?? "S3Prefix"));
  checkKeys(objects);
  const directory = (host: string) => path.join(base(host), "input/data", channel.ChannelName ?? "");
  if (source?.S3DataDistributionType === "ShardedByS3Key") {
    for (const [index, host] of hosts.entries()) {
      await fetchAll(shard(objects, index, hosts.length), directory(host), options);
    }
    return;
  }
  await fetchAll(objects, directory(hosts[0]), options);
  for (const host of hosts.slice(1)) {
    options.signal.throwIfAborted();
    await cp(directory(hosts[0]), directory(host), { recursive: true });
  }
}

async function listObjects(s3: S3Client, uri: string, type: string): Promise<ChannelObject[]> {
  const location = parseS3Uri(uri);
  if (type === "ManifestFile") return parseManifest(await readObject(s3, location), uri);
  const keys = await listKeys(s3, location);
  if (keys.length === 0) {
    throw new ClientFault(
      `Data download failed:No S3 objects found under S3 URL "${uri}" given in input data source. Please ensure that the bucket exists in the selected region (${await s3.config.region()}), that objects exist under that S3 prefix, and that the role has "s3:ListBucket" permissions on bucket "${location.bucket}".`,
    );
  }
  return keys.map((key) => ({
    from: { bucket: location.bucket, key },
    relative: relativeToPrefix(key, location.key),
  }));
}

async function fetchAll(
  objects: ChannelObject[],
  directory: string,
  { s3, signal }: ChannelOptions,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  await pMap(
    objects,
    ({ from, relative }) =>
      explain(toUri(from), () => download(s3, from, path.join(directory, relative), signal)),
    { concurrency: parallelTransfers, signal },
  );
}

/** Words S3's refusals as SageMaker does; what is not S3's passes unchanged. */
async function explain<T>(uri: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const { name, message } = error as Error;
    throw new ClientFault(`Data download failed:${name}: ${message}, S3 URL: ${uri}`);
  }
}
