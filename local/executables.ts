import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";

/** The first file of that name that may be executed. */
export function findExecutable(name: string, dirs: string[]): string | undefined {
  return dirs.map((dir) => path.join(dir, name)).find(isExecutable);
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** The folders of a PATH; relative entries are left out, since they depend on where one stands. */
export function pathDirs(searchPath: string | undefined): string[] {
  return (searchPath ?? "").split(path.delimiter).filter((dir) => path.isAbsolute(dir));
}
