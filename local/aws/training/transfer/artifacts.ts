import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";
import type { S3Client } from "@aws-sdk/client-s3";
import pMap from "p-map";
import pRetry from "p-retry";
import type { TrainingJobRequest } from "../../sagemaker/record.ts";
import { ClientFault } from "../faultReasons.ts";
import { asText, readTree, shown, type Tree, type TreeEntry } from "./fileTree.ts";
import { isRefusal, joinS3, parallelTransfers, patience, toUri, upload } from "./s3.ts";

export interface ArtifactOptions {
  s3: S3Client;
  request: TrainingJobRequest;
  /** The /opt/ml of each host. */
  bases: string[];
  temporary: string;
  /** Python that packs. */
  python: string;
}

/**
 * Uploads what the hosts left in model/ and output/data/; empty ones leave nothing in S3, as on SageMaker.
 * Resolves with what could not be uploaded because of what it is, a line each. Throws when S3 or the disk does not take the rest.
 */
export async function uploadArtifacts(options: ArtifactOptions): Promise<string[]> {
  try {
    const model = await uploadFolder("model", "model", options);
    return [...model, ...(await uploadFolder("output/data", "output", options))];
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw new ClientFault(`Artifact upload failed:${(error as Error).message}`);
  }
}

/** Where the model goes, whether or not the script leaves one. */
export function modelUri(request: TrainingJobRequest): string {
  return isCompressed(request)
    ? toUri(outputLocation(request, "model.tar.gz"))
    : `${toUri(outputLocation(request, "model"))}/`;
}

const isCompressed = (request: TrainingJobRequest) => request.OutputDataConfig?.CompressionType !== "NONE";

function outputLocation(request: TrainingJobRequest, name: string) {
  return joinS3(request.OutputDataConfig?.S3OutputPath ?? "", request.TrainingJobName, "output", name);
}

async function uploadFolder(folder: string, name: string, options: ArtifactOptions): Promise<string[]> {
  const trees = await Promise.all(options.bases.map((base) => readTree(path.join(base, folder), base)));
  const { entries, leftOut } = merge(trees);
  const work = isCompressed(options.request) ? uploadPacked : uploadEach;
  if (entries.length > 0) leftOut.push(...(await work(entries, name, options)));
  return leftOut.map((line) => `${folder}/${line}`);
}

/** The files of all hosts; of files with one name the first host's counts. */
export function merge(trees: Tree[]): Tree {
  const entries = new Map<string, TreeEntry>();
  const folders = new Set<string>();
  const leftOut = trees.flatMap((tree) => tree.leftOut);
  for (const entry of trees.flatMap((tree) => tree.entries)) {
    const key = entry.name.toString("latin1");
    const above = parents(key);
    if (entries.has(key) || (entry.isFolder && folders.has(key))) continue;
    if (folders.has(key) || above.some((each) => entries.get(each)?.isFolder === false)) {
      leftOut.push(`${shown(entry.name)}: what is a file on one host is a folder on another`);
      continue;
    }
    for (const each of above) {
      folders.add(each);
      entries.delete(each); // a folder that is empty on another host
    }
    entries.set(key, entry);
  }
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  return { entries: sorted, leftOut };
}

/** `a/b/c` lies in `a` and `a/b`. */
function parents(name: string): string[] {
  const parts = name.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

async function uploadEach(entries: TreeEntry[], name: string, options: ArtifactOptions): Promise<string[]> {
  const files = entries.filter((entry) => !entry.isFolder); // S3 has no folders
  const leftOut = await pMap(
    files,
    async (entry) => {
      const key = asText(entry.name);
      if (key === undefined) return `${shown(entry.name)}: the name is not UTF-8, as the keys of S3 are`;
      await upload(options.s3, entry.file, outputLocation(options.request, `${name}/${key}`));
      return [];
    },
    { concurrency: parallelTransfers },
  );
  return leftOut.flat();
}

async function uploadPacked(entries: TreeEntry[], name: string, options: ArtifactOptions): Promise<string[]> {
  const archive = path.join(options.temporary, `${name}.tar.gz`);
  // A disk that is full may have room in a moment.
  const leftOut = await pRetry(() => pack(entries, archive, options.python), patience);
  await upload(options.s3, archive, outputLocation(options.request, `${name}.tar.gz`));
  await rm(archive, { force: true });
  return leftOut;
}

/** Resolves with what could not be opened. */
async function pack(entries: TreeEntry[], archive: string, python: string): Promise<string[]> {
  await mkdir(path.dirname(archive), { recursive: true });
  const packer = path.join(import.meta.dirname, "pack.py");
  const child = spawn(python, ["-I", "-X", "utf8", packer, archive], { stdio: "pipe" });
  child.stdin.on("error", () => undefined); // told by its exit code
  child.stdin.end(Buffer.concat(entries.flatMap(({ name, file }) => [name, nul, file, nul])));
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  if (code !== 0) throw new Error(`could not pack ${path.basename(archive)}: ${lastLine(errors)}`);
  return output.split("\n").filter((line) => line !== "");
}

const lastLine = (lines: string) => lines.trim().split("\n").at(-1) ?? "";
const nul = Buffer.of(0);
