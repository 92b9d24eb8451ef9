import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import { splitS3Uri } from "../components/trainingJob/args/s3Uri";
import { SetupError } from "../local/setupError.ts";
import { unpack } from "./output";

/**
 * Fetches a model artifact into a folder, which is made where there is none: what is in its archive, or the files of a job that compresses nothing.
 *
 * @returns the paths of the files in the folder, in order
 * @throws SetupError where a file cannot be written, or there is none; errors of S3 as they are
 */
export async function fetchModel(s3: S3Client, artifact: string, dir: string): Promise<string[]> {
  const { bucket: Bucket, key } = splitS3Uri(artifact);
  const open = async (Key: string) =>
    (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body as NodeJS.ReadableStream;
  if (key.endsWith(".tar.gz")) return unpack(await open(key), dir);

  const Prefix = key.replace(/\/*$/, "/");
  const files: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix })) {
    for (const { Key = "" } of Contents) {
      if (Key.endsWith("/")) continue; // a folder, as S3's console makes them
      const file = Key.slice(Prefix.length);
      await write(await open(Key), placeOf(file, dir));
      files.push(file);
    }
  }
  if (files.length === 0) {
    throw new SetupError(
      `There are no files at ${artifact} any more.\nNext: \`pulumi up\` sees that they are gone, and trains again.`,
    );
  }
  return files.sort();
}

/** Keys are any text: none may lead out of the folder. */
function placeOf(file: string, dir: string): string {
  const place = path.resolve(dir, file);
  if (place.startsWith(path.resolve(dir) + path.sep)) return place;
  throw new SetupError(`The file ${file} of the model leads out of ${dir}: it is not written.`);
}

/** Whole or not at all. */
async function write(body: NodeJS.ReadableStream, place: string): Promise<void> {
  const part = `${place}.${process.pid}.part`;
  try {
    await mkdir(path.dirname(place), { recursive: true });
    await pipeline(body, createWriteStream(part));
    await rename(part, place);
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw new SetupError(
      `The model's ${place} cannot be written: ${(error as Error).message}\nNext: run it again, or name another place with --out.`,
    );
  }
}
