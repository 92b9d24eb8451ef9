import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import type { LocalAws } from "../aws/client.ts";
import { installOnce } from "../installOnce.ts";
import { formatSeconds, type Report, step } from "../report.ts";
import { lastLines, run } from "../run.ts";
import { SetupError } from "../setupError.ts";
import { type Synced, syncFolder } from "./syncFolder.ts";

/** The images follow from these two files alone: the script, and the lock of the package that holds the scans. */
const sources = ["make_images.py", "../python/data.txt"].map((file) => path.join(import.meta.dirname, file));

export interface TrainingDataOptions {
  /** Python of the training environment; it has nibabel, Pillow and the files of nilearn. */
  trainingPython: string;
  /** Folder to keep the images in, as `images-<hash of the sources>`. */
  cacheDir: string;
  report: Report;
}

/**
 * The local stack's image data: six classes of 64 x 64 grey PNGs, about 1450 files and 4 MB, made once per machine
 * and version. Returns the folder with `train/<class>/` and `val/<class>/`.
 */
export function ensureTrainingData(options: TrainingDataOptions): Promise<string> {
  const { trainingPython, cacheDir, report } = options;
  const dir = path.join(cacheDir, `images-${sourcesHash()}`);
  const make = async (into: string) => {
    const done = await run(trainingPython, [sources[0], into]);
    if (done.code !== 0) {
      throw new SetupError(
        `Making the training images failed (${trainingPython} ended with ${done.signal ?? done.code}):\n${lastLines(done.output, 8)}`,
      );
    }
  };
  const build = (into: string) =>
    step(report, { what: "Making the training images", expect: "a few seconds" }, () => make(into));
  return installOnce({ dir, what: "the training images", build, isUsable: isComplete }, report);
}

export interface UploadOptions {
  /** The folder that {@link ensureTrainingData} returned. */
  dir: string;
  /** Bucket of the local S3; made when it is not there. */
  bucket: string;
  /** Key prefix, without slashes at its ends; everything under its `train/` and `val/` is this data set's. */
  prefix: string;
  aws: LocalAws;
  report: Report;
}

export interface UploadedData {
  /** S3 URI of the training channel. */
  train: string;
  /** S3 URI of the validation channel. */
  val: string;
}

/** Puts the images into the local S3: what is missing or differs is sent, what does not belong is removed. */
export async function uploadTrainingData(options: UploadOptions): Promise<UploadedData> {
  const { dir, bucket, prefix, report } = options;
  const start = Date.now();
  const { endpoint, credentials } = options.aws;
  const client = new S3Client({ endpoint, region: "us-east-1", forcePathStyle: true, credentials });
  try {
    const uris = { train: `s3://${bucket}/${prefix}/train/`, val: `s3://${bucket}/${prefix}/val/` };
    const results: Synced[] = [];
    for (const channel of ["train", "val"]) {
      const target = { bucket, prefix: `${prefix}/${channel}/`, contentType: "image/png" };
      results.push(await syncFolder(client, path.join(dir, channel), target));
    }
    const sent = results.reduce((sum, result) => sum + result.sent, 0);
    const removed = results.reduce((sum, result) => sum + result.removed, 0);
    const seconds = formatSeconds((Date.now() - start) / 1000);
    if (sent + removed > 0) {
      report(`Training images in s3://${bucket}/${prefix}: ${sent} sent, ${removed} removed, in ${seconds}`);
    }
    return uris;
  } finally {
    client.destroy();
  }
}

function sourcesHash(): string {
  const hash = createHash("sha256");
  for (const file of sources) hash.update(readFileSync(file)).update("\0");
  return hash.digest("hex").slice(0, 12);
}

function isComplete(dir: string): boolean {
  return existsSync(path.join(dir, "val"));
}
