import { existsSync } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import path from "node:path";
import { DeleteObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import pMap from "p-map";
import { ClientFault } from "../faultReasons.ts";
import { checkNames } from "./channelKeys.ts";
import { asText, readTree, shown } from "./fileTree.ts";
import {
  download,
  isMissing,
  isRefusal,
  joinS3,
  listKeys,
  parallelTransfers,
  type S3Location,
  upload,
} from "./s3.ts";

export interface CheckpointOptions {
  s3: S3Client;
  /** CheckpointConfig.S3Uri. */
  uri: string;
  /** The checkpoint directory of each host. */
  directories: string[];
  /** The /opt/ml of each host. */
  bases: string[];
  /** Told, once each, what in them cannot be uploaded. */
  note: (line: string) => void;
}

/** Keeps the checkpoint directories and S3 in step: restored before a start, uploaded while the job runs. */
export class CheckpointSync {
  private readonly options: CheckpointOptions;
  /** Size and time of what is in S3 already, by path. */
  private readonly uploaded = new Map<string, string>();
  private readonly noted = new Set<string>();
  private running: Promise<void> | undefined;

  constructor(options: CheckpointOptions) {
    this.options = options;
  }

  /** Brings what S3 has to every host. */
  restore(signal?: AbortSignal): Promise<void> {
    return explain("download", () => this.restoreAll(signal));
  }

  private async restoreAll(signal: AbortSignal | undefined): Promise<void> {
    const { s3, uri, directories } = this.options;
    const { bucket, key } = joinS3(uri);
    const prefix = key === "" ? "" : `${key}/`;
    const keys = await listKeys(s3, { bucket, key: prefix });
    checkNames(
      keys.map((found) => ({ from: { bucket, key: found }, relative: found.slice(prefix.length) })),
      "Checkpoint download failed:",
    );
    for (const directory of directories) {
      await mkdir(directory, { recursive: true });
      await pMap(
        keys,
        async (found) => {
          const file = path.join(directory, found.slice(prefix.length));
          if (!file.startsWith(directory + path.sep)) return; // a key with ".." in it
          await download(s3, { bucket, key: found }, file, signal);
          this.uploaded.set(file, await signature(file));
        },
        { concurrency: parallelTransfers, signal },
      );
    }
  }

  /**
   * Uploads files that are new or have changed, and removes from S3 what the script removed: "If a checkpoint is deleted in the SageMaker
   * container, it will also be deleted in the S3 folder" (AWS's guide, Checkpoints in Amazon SageMaker AI). One run at a time.
   */
  async push(): Promise<void> {
    while (this.running) await this.running.catch(() => undefined);
    this.running = explain("upload", () => this.pushAll()).finally(() => {
      this.running = undefined;
    });
    await this.running;
  }

  private async pushAll(): Promise<void> {
    const { directories, bases } = this.options;
    for (const [host, directory] of directories.entries()) {
      if (!existsSync(directory)) continue;
      const { entries, leftOut } = await readTree(directory, bases[host]);
      const there = new Set<string>();
      for (const { name, file, isFolder } of entries) {
        const relative = asText(name);
        if (relative === undefined)
          leftOut.push(`${shown(name)}: the name is not UTF-8, as the keys of S3 are`);
        else if (!isFolder) await this.pushFile(path.join(directory, relative), file, relative);
        there.add(path.join(directory, relative ?? ""));
      }
      for (const line of leftOut) this.noteOnce(`not uploaded: ${path.basename(directory)}/${line}`);
      await this.removeMissing(directory, there);
    }
  }

  private noteOnce(line: string): void {
    if (!this.noted.has(line)) this.options.note(line);
    this.noted.add(line);
  }

  /** `there`: what has just been seen; a file that is being replaced may be missing for a moment. */
  private async removeMissing(directory: string, there: Set<string>): Promise<void> {
    const known = [...this.uploaded.keys()].filter((file) => file.startsWith(directory + path.sep));
    for (const file of known.filter((each) => !there.has(each) && !existsSync(each))) {
      this.uploaded.delete(file);
      const relative = path.relative(directory, file);
      // Hosts share the folder in S3: what another one still has stays.
      if (this.options.directories.some((each) => existsSync(path.join(each, relative)))) continue;
      const { bucket, key } = this.location(relative);
      try {
        await this.options.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
      } catch (error) {
        if (!isRefusal(error)) throw error; // a role that may not delete keeps its checkpoints
      }
    }
  }

  /** `file` is where the content of `own` is: elsewhere for some links. */
  private async pushFile(own: string, file: Buffer, relative: string): Promise<void> {
    try {
      const found = await signature(file);
      if (this.uploaded.get(own) === found) return;
      await upload(this.options.s3, file, this.location(relative));
      // What changed during the upload differs from `found` and goes up again next time.
      this.uploaded.set(own, found);
    } catch (error) {
      // A checkpoint that was replaced meanwhile comes back under its final name.
      if (!isMissing(error)) throw error;
    }
  }

  private location(relative: string): S3Location {
    return joinS3(this.options.uri, relative.split(path.sep).join("/"));
  }
}

async function signature(file: string | Buffer): Promise<string> {
  const { size, mtimeMs, ino } = await stat(file);
  return `${size}-${mtimeMs}-${ino}`;
}

/** What S3 refuses is the request's fault: a role that may not, a bucket that is not there. */
async function explain(direction: "download" | "upload", work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw new ClientFault(`Checkpoint ${direction} failed:${(error as Error).message}`);
  }
}
