import { existsSync } from "node:fs";
import { cp, mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import type { S3Client } from "@aws-sdk/client-s3";
import pMap from "p-map";
import { create } from "tar";
import type { TrainingJobRequest } from "../../sagemaker/record.ts";
import { ClientFault } from "../faultReasons.ts";
import { isRefusal, joinS3, parallelTransfers, toUri, upload } from "./s3.ts";

export interface ArtifactOptions {
  s3: S3Client;
  request: TrainingJobRequest;
  /** The /opt/ml of each host. */
  bases: string[];
  temporary: string;
}

/** Uploads what the hosts left in model/ and output/data/; empty ones leave nothing in S3, as on SageMaker. */
export async function uploadArtifacts(options: ArtifactOptions): Promise<void> {
  try {
    await uploadFolder("model", "model", options);
    await uploadFolder("output/data", "output", options);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw new ClientFault(`Artifact upload failed:${(error as Error).message}`);
  }
}

/** Where the model goes, whether or not the script leaves one. */
export function modelUri(request: TrainingJobRequest): string {
  const compressed = request.OutputDataConfig?.CompressionType !== "NONE";
  return compressed
    ? toUri(outputLocation(request, "model.tar.gz"))
    : `${toUri(outputLocation(request, "model"))}/`;
}

function outputLocation(request: TrainingJobRequest, name: string) {
  return joinS3(request.OutputDataConfig?.S3OutputPath ?? "", request.TrainingJobName, "output", name);
}

async function uploadFolder(folder: string, name: string, options: ArtifactOptions): Promise<void> {
  const { s3, request, temporary } = options;
  const files = await collect(options.bases.map((base) => path.join(base, folder)));
  if (files.length === 0) return;
  if (request.OutputDataConfig?.CompressionType === "NONE") {
    await pMap(
      files,
      (file) => upload(s3, path.join(file.root, file.name), outputLocation(request, `${name}/${file.name}`)),
      {
        concurrency: parallelTransfers,
      },
    );
    return;
  }
  const archive = path.join(temporary, `${name}.tar.gz`);
  await pack(files, archive);
  await upload(s3, archive, outputLocation(request, `${name}.tar.gz`));
  await rm(archive, { force: true });
}

interface CollectedFile {
  root: string;
  /** Path below the root, with forward slashes. */
  name: string;
}

/** The files of all hosts; of files with one name the first host's counts. */
async function collect(roots: string[]): Promise<CollectedFile[]> {
  const files = new Map<string, CollectedFile>();
  for (const root of roots.filter((dir) => existsSync(dir))) {
    for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() && !entry.isSymbolicLink()) continue;
      const name = path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join("/");
      if (!files.has(name)) files.set(name, { root, name });
    }
  }
  return [...files.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Packs without a leading `./`; a file name that begins with @ would mean an archive to tar, hence the prefix. */
async function pack(files: CollectedFile[], archive: string): Promise<void> {
  await mkdir(path.dirname(archive), { recursive: true });
  const roots = [...new Set(files.map((file) => file.root))];
  if (roots.length === 1) {
    await create(
      { gzip: { level: 6 }, file: archive, cwd: roots[0], portable: true, follow: true },
      names(files),
    );
    return;
  }
  const merged = `${archive}.merged`;
  for (const file of files)
    await cp(path.join(file.root, file.name), path.join(merged, file.name), { dereference: true });
  await create({ gzip: { level: 6 }, file: archive, cwd: merged, portable: true }, names(files));
  await rm(merged, { recursive: true, force: true });
}

const names = (files: CollectedFile[]) =>
  files.map(({ name }) => (name.startsWith("@") ? `./${name}` : name));
