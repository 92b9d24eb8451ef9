import { existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import path from "node:path";
import { instanceCount, type JobRecord, jobKey } from "../../sagemaker/record.ts";
import { checkpointPath, hostNames, JobLayout, localize } from "../process/layout.ts";

/**
 * Puts aside what a job wrote and nobody has uploaded, before its directory is removed. Returns the folder where it is now,
 * undefined when the job wrote nothing.
 */
export function keepResults(record: JobRecord, workDir: string, keptDir: string): string | undefined {
  const layout = new JobLayout(workDir, jobKey(record), false);
  const kept = path.join(keptDir, `${jobKey(record)}-${record.creationTime}`);
  let found = false;
  // What was there before are the checkpoints that S3 has.
  if (!record.transitions.some(({ status }) => status === "Training")) return undefined;
  for (const host of hostNames(instanceCount(record.request))) {
    const base = layout.base(host);
    for (const folder of resultFolders(record, base).filter(holdsFiles)) {
      const to = path.join(kept, path.relative(layout.dir, folder));
      mkdirSync(path.dirname(to), { recursive: true, mode: 0o700 });
      renameSync(folder, to);
      found = true;
    }
  }
  return found ? kept : undefined;
}

/** None of them lies in another: a job may keep its checkpoints in the model's folder, or around it. */
function resultFolders(record: JobRecord, base: string): string[] {
  const own = [path.join(base, "model"), path.join(base, "output/data")];
  const all = new Set(
    record.request.CheckpointConfig ? [...own, localize(checkpointPath(record.request), base)] : own,
  );
  return [...all].filter(
    (folder) => ![...all].some((other) => other !== folder && folder.startsWith(`${other}/`)),
  );
}

function holdsFiles(folder: string): boolean {
  if (!existsSync(folder)) return false;
  return readdirSync(folder, { recursive: true, withFileTypes: true }).some((entry) => !entry.isDirectory());
}
