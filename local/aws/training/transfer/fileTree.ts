import { isUtf8 } from "node:buffer";
import { access, chmod, constants, readdir, readlink, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { containerBase } from "../process/optMl.ts";

/** A file or an empty folder below a root. */
export interface TreeEntry {
  /** Path below the root with forward slashes; bytes, since a script may write names that are not UTF-8. */
  name: Buffer;
  /** Where it is. */
  file: Buffer;
  isFolder: boolean;
}

export interface Tree {
  /** In the order of their names. */
  entries: TreeEntry[];
  /** What cannot be read, each as `name: why`. */
  leftOut: string[];
}

/** A name as text for people: what is not UTF-8 is shown with replacement characters. */
export const shown = (name: Buffer) => name.toString("utf8");

/** The name as text that stands for exactly these bytes; undefined where there is none. */
export const asText = (name: Buffer) => (isUtf8(name) ? name.toString("utf8") : undefined);

/**
 * What a script left below a folder. Links are followed, as whoever unpacks it has no use for them; what cannot be followed or
 * read is named and does not keep the rest from being read. `base` is what the script may have seen as /opt/ml.
 */
export async function readTree(root: string, base: string): Promise<Tree> {
  const tree: Tree = { entries: [], leftOut: [] };
  const start = Buffer.from(root);
  const kind = await kindOf(start);
  if (kind === "folder") await readFolder({ name: Buffer.alloc(0), file: start }, [], { tree, base });
  else if (kind === "other") tree.leftOut.push(".: not a folder");
  tree.entries.sort((a, b) => Buffer.compare(a.name, b.name));
  return tree;
}

type Place = Pick<TreeEntry, "name" | "file">;

/** `above`: the real paths of the folders that lead here. */
async function readFolder(folder: Place, above: string[], into: { tree: Tree; base: string }): Promise<void> {
  const real = await realpath(folder.file, "latin1");
  if (above.includes(real)) throw new Error("a link to a folder that it lies in");
  const names = await withRights(folder.file, 0o700, into.base, () =>
    readdir(folder.file, { encoding: "buffer" }),
  );
  if (names.length === 0 && folder.name.length > 0) into.tree.entries.push({ ...folder, isFolder: true });
  for (const own of names) {
    const name = folder.name.length === 0 ? own : Buffer.concat([folder.name, slash, own]);
    try {
      await readEntry({ name, file: Buffer.concat([folder.file, slash, own]) }, [...above, real], into);
    } catch (error) {
      into.tree.leftOut.push(`${shown(name)}: ${why(error)}`);
    }
  }
}

async function readEntry(place: Place, above: string[], into: { tree: Tree; base: string }): Promise<void> {
  const file = await target(place.file, into.base);
  const found = await stat(file);
  if (found.isDirectory()) return readFolder({ ...place, file }, above, into);
  if (!found.isFile()) throw new Error("neither a file nor a folder");
  await withRights(file, 0o600, into.base, () => access(file, constants.R_OK));
  into.tree.entries.push({ name: place.name, file, isFolder: false });
}

/** The file itself; for a link to /opt/ml, which is elsewhere outside the job, where that leads. */
async function target(file: Buffer, base: string): Promise<Buffer> {
  let link: Buffer;
  try {
    link = await readlink(file, "buffer");
  } catch {
    return file; // not a link
  }
  const inside = Buffer.from(`${containerBase}/`);
  if (!link.subarray(0, inside.length).equals(inside)) return file;
  return Buffer.concat([Buffer.from(`${base}${path.sep}`), link.subarray(inside.length)]);
}

/** A container's user is root and reads everything; here the job's user gives himself the right, to what is the job's. */
async function withRights<T>(file: Buffer, mode: number, base: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EACCES") throw error;
    const real = await realpath(file, "latin1");
    if (!real.startsWith(`${await realpath(base, "latin1")}${path.sep}`)) throw error;
    await chmod(file, mode);
    return await work();
  }
}

/** What is at the root of a tree: a script may have removed the folder, or put something else in its place. */
async function kindOf(file: Buffer): Promise<"folder" | "other" | "nothing"> {
  try {
    return (await stat(file)).isDirectory() ? "folder" : "other";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ELOOP" ? "other" : "nothing";
  }
}

function why(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "a link to nothing";
  if (code === "ELOOP") return "a link to itself";
  return message;
}

const slash = Buffer.from("/");
