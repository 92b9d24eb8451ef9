import { advice } from "./advice.mjs";
import { cacheDir, projectDir, stateDir } from "./paths.ts";
import { SetupError } from "./setupError.ts";

/** What the user is told of an error: one line that ends with the next step where there is one, else the stack. */
export function explain(error: NodeJS.ErrnoException): string {
  if (error instanceof SetupError) return error.message;
  const { code = "", path: file = "" } = error;
  if (code === "ENOSPC" || code === "EDQUOT") return `${error.message}${advice(code)}`;
  if (["EACCES", "EPERM", "EROFS"].includes(code)) {
    const folder = FOLDERS.find(({ dir }) => isWithin(file, dir) || isWithin(dir, file));
    if (folder) return `${folder.what} cannot be written (${code}: ${file}): ${folder.remedy}.`;
  }
  return error.stack ?? error.message;
}

const FOLDERS = [
  { dir: cacheDir, what: "The cache", remedy: "name a folder of your own in TRAINING_CACHE_DIR" },
  {
    dir: stateDir,
    what: "The local stack's state",
    remedy: "name a folder of your own in TRAINING_STATE_DIR",
  },
  { dir: projectDir, what: "This checkout", remedy: "clone one of your own" },
];

/** Whether a file is a folder or lies in it; making a folder may fail at one that it lies in. */
function isWithin(file: string, dir: string): boolean {
  return file !== "" && `${file}/`.startsWith(`${dir}/`);
}
