import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isSocketDir, makeSocketDir } from "../../socketDir.ts";
import type { EndpointRecord } from "../records/record.ts";

/** Removes the folders of endpoints that are no more, and those of deployments that are over. Only for the process that holds the lock of the state. */
export function removeLeftFolders(
  workDir: string,
  records: readonly EndpointRecord[],
  dirOf: (record: EndpointRecord) => string,
): void {
  const kept = new Map(
    records.map((record) => [
      path.basename(dirOf(record)),
      [record.current?.id, record.pending?.deployment.id],
    ]),
  );
  for (const folder of namesIn(workDir)) {
    const deployments = kept.get(folder);
    if (deployments === undefined) remove(path.join(workDir, folder));
    else {
      for (const id of namesIn(path.join(workDir, folder))) {
        if (!deployments.includes(id)) remove(path.join(workDir, folder, id));
      }
    }
  }
}

/** A folder for the sockets of model servers, in the place of the one that a killed process left. `note`: the file that remembers it. */
export function anewSocketDir(note: string): string {
  const last = existsSync(note) ? readFileSync(note, "utf8") : "";
  if (isSocketDir(last)) remove(last);
  const dir = makeSocketDir();
  mkdirSync(path.dirname(note), { recursive: true, mode: 0o700 });
  writeFileSync(note, dir, { mode: 0o600 });
  return dir;
}

const namesIn = (dir: string) => (existsSync(dir) ? readdirSync(dir) : []);
const remove = (dir: string) => rmSync(dir, { recursive: true, force: true });
