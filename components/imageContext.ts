import { createHash, randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";

/** What Docker is given to build an image of. */
export interface ImageContext {
  /** The folder, relative to the program's. */
  location: string;
  /** The Dockerfile in it. */
  dockerfile: string;
  /** SHA-256 of the names and contents of all its files, and of who may run them; hexadecimal. */
  digest: string;
}

/** The build argument that is given the AWS image. */
export const BASE_IMAGE = "BASE_IMAGE";

/** Where copies of the folders go: npm's place for what can be made again. */
const STAGE = path.join("node_modules", ".cache", "training-image");
/** What goes into an image beside the Dockerfile is a few lists and scripts; a folder above it was chosen by mistake. Bytes. */
const MAX_BYTES = 100 * 1024 * 1024;
/** What file managers leave where they look: no part of an image, and no reason to train again. */
const LITTER = [".DS_Store", "Thumbs.db"];

interface File {
  /** Relative to the folder, with `/`. */
  name: string;
  executable: boolean;
  content: Buffer;
}

/**
 * Checks a Dockerfile and copies its folder, so that the same files are the same build on every machine: a checkout's modes and times differ
 * by the machine's settings, and Docker would make another image of them. Throws a RunError for what cannot be built.
 *
 * @param file path of the Dockerfile, relative to the program's folder
 */
export function stageContext(file: string): ImageContext {
  const folder = path.dirname(file);
  checkDockerfile(file);
  const files = filesOf(folder);
  const digest = digestOf(files);
  const location = path.join(STAGE, digest.slice(0, 16));
  if (!fs.existsSync(location)) copy(files, location);
  return { location, dockerfile: path.join(location, path.basename(file)), digest };
}

function checkDockerfile(file: string): void {
  if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile()) {
    throw refused(
      file,
      "is not there: name the Dockerfile that extends the AWS image, relative to Pulumi.yaml",
    );
  }
  const lines = instructions(fs.readFileSync(file, "utf8"));
  const first = lines.findIndex((line) => /^FROM\s/i.test(line));
  const declared = lines.findIndex((line) => new RegExp(`^ARG\\s+${BASE_IMAGE}\\b`, "i").test(line));
  const used = lines.some((line) =>
    new RegExp(`^FROM\\s.*\\$(\\{${BASE_IMAGE}\\}|${BASE_IMAGE}\\b)`, "i").test(line),
  );
  if (declared < 0 || declared > first || !used) {
    throw refused(
      file,
      `does not extend the AWS image: begin it with the lines "ARG ${BASE_IMAGE}" and "FROM \${${BASE_IMAGE}}"`,
    );
  }
}

/** Without comments, and each in one line. */
const instructions = (text: string): string[] =>
  text
    .replace(/^\s*#.*$/gm, "")
    .replace(/\\\r?\n/g, " ")
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

function filesOf(folder: string): File[] {
  const whole = ["Pulumi.yaml", "package.json"].find((name) => fs.existsSync(path.join(folder, name)));
  const all = `all files of the folder ${folder} are sent to Docker`;
  if (whole) throw refused(folder, `has ${whole} in it, and ${all}: give the Dockerfile a folder of its own`);
  let bytes = 0;
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && !LITTER.includes(entry.name))
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      if (file.endsWith(".dockerignore")) {
        throw refused(file, `makes no difference: ${all}, so keep there just what the image needs`);
      }
      if (!entry.isFile())
        throw refused(file, "is no plain file: put a copy of what it leads to in its place");
      bytes += fs.statSync(file).size;
      if (bytes > MAX_BYTES) throw refused(folder, `has more than ${MAX_BYTES / 2 ** 20} MB, and ${all}`);
      const executable = (fs.statSync(file).mode & 0o100) !== 0;
      const name = path.relative(folder, file).split(path.sep).join("/");
      return { name, executable, content: fs.readFileSync(file) };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function digestOf(files: File[]): string {
  const hash = createHash("sha256");
  for (const { name, executable, content } of files) {
    hash.update(`${name}\0${executable ? "x" : "-"}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

/** Whole or not at all: another deployment may need it at this moment. */
function copy(files: File[], location: string): void {
  const partial = `${location}.${randomUUID()}`;
  for (const { name, executable, content } of files) {
    const file = path.join(partial, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
    fs.chmodSync(file, executable ? 0o755 : 0o644);
    fs.utimesSync(file, 0, 0);
  }
  try {
    fs.renameSync(partial, location);
  } catch (error) {
    fs.rmSync(partial, { recursive: true, force: true });
    if (!fs.existsSync(location)) throw error;
  }
}

const refused = (what: string, reason: string) =>
  new pulumi.RunError(`training:dockerfile: ${what} ${reason}.`);
