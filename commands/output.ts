import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import * as tar from "tar";
import { SetupError } from "../local/setupError.ts";

/** The place that `--out` names, from where npm was called, not from the project. */
export const placeOfOut = (out: string): string => path.resolve(process.env.INIT_CWD ?? ".", out);

/** Writes a file, whole or not at all: somebody may have the last one open. Makes its folder where there is none. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const part = `${file}.${process.pid}.part`;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(part, text);
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw new SetupError(
      `${file} cannot be written: ${(error as Error).message}\nNext: name another place with --out.`,
    );
  }
}

/** Unpacks an archive into a folder, which is made where there is none; returns what was in it. Throws unless all of it lies there now. */
export async function unpack(archive: NodeJS.ReadableStream, dir: string): Promise<string[]> {
  const files: string[] = [];
  // Of a file that it cannot write, and of an archive that is cut off, tar only warns.
  const faults: string[] = [];
  try {
    await mkdir(dir, { recursive: true });
    await pipeline(
      archive,
      tar.extract({
        cwd: dir,
        onReadEntry: (entry) => files.push(entry.path),
        onwarn: (code, message) => {
          if (code !== "TAR_ENTRY_INFO") faults.push(String(message));
        },
      }),
    );
  } catch (error) {
    faults.push((error as Error).message);
  }
  if (faults.length === 0) return files.sort();
  throw new SetupError(
    `The model cannot be unpacked to ${dir}: ${faults.join("; ")}\nNext: run it again, or name another place with --out.`,
  );
}
