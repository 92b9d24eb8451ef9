import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import ignore from "ignore";
import { didYouMean } from "./trainingJob/args/didYouMean";

/** A file of the bundle. */
export interface SourceFile {
  /** Relative to the source folder, with slashes. */
  path: string;
  content: Buffer;
  /** Whether its owner may run it. */
  executable: boolean;
  /** Whether a change of it is another training. */
  defines: boolean;
  /** SHA-256 of the content, in hex. */
  sha256: string;
}

/** What goes into a bundle, and what does not. */
export interface Sources {
  /** In a fixed order. */
  files: SourceFile[];
  /** Files and folders (with a slash at the end) that were left out; caches are not worth a word. */
  leftOut: LeftOut[];
}

export interface LeftOut {
  path: string;
  /** Why: the ignore file that names it, or what it is. */
  by: string;
}

/** Rules of the folder itself, in gitignore syntax. They come last: with `!` they bring back what the others leave out. */
const IGNORE_FILE = ".sourceignore";
/** Names, in gitignore syntax, files of the bundle that do not make its digest: code for serving, which a training only passes on. */
const IDENTITY_IGNORE_FILE = ".identityignore";
/** Of a name that leads to nothing; one that is no text leads to nothing too. */
const NOWHERE = "a link to nowhere";
const NEVER_CODE = [".git", ".training", ".venv", "venv", "node_modules", ".env", ".env.*"];
const CACHES = [IGNORE_FILE, IDENTITY_IGNORE_FILE, "__pycache__", "*.pyc", ".ipynb_checkpoints", ".DS_Store"];
/** Folders and files in which tools keep keys and passwords. */
const SECRET_FOLDERS = [".aws", ".azure", ".docker", ".gnupg", ".kube", ".ssh"];
const SECRET_FILES = [
  ".git-credentials",
  ".htpasswd",
  ".netrc",
  "_netrc",
  ".npmrc",
  ".pypirc",
  "credentials",
  "credentials.json",
  "client_secret*.json",
  "id_dsa",
  "id_ecdsa",
  "id_ed25519",
  "id_rsa",
  "*.jks",
  "*.kdbx",
  "*.key",
  "*.p12",
  "*.pem",
  "*.pfx",
  "*.ppk",
];
/** What the training container would have to download before every run; data belongs in a channel. */
const MAX_BYTES = 100 * 1024 * 1024;

/**
 * The files of the bundle. Left out, in this order: version control, environments and caches; what the `.gitignore` files of the
 * folder and of those above it name, up to the top of the repository; files that usually hold secrets. `.sourceignore` in the folder
 * has the last word. A change of what `.identityignore` names is no other training; the entry point always counts. Throws, before anything is created, on a folder that cannot train.
 */
export function readSources(sourceDir: string, ...entryPoints: string[]): Sources {
  if (!fs.statSync(sourceDir, { throwIfNoEntry: false })?.isDirectory()) {
    throw new pulumi.RunError(
      `sourceDir ${sourceDir} is not a folder: set training:sourceDir to your training code.`,
    );
  }
  const leftOut: LeftOut[] = [];
  const passedOn = rulesIn(sourceDir, IDENTITY_IGNORE_FILE);
  const files = readFiles(sourceDir, walk(sourceDir, new Rules(sourceDir), leftOut).sort()).map((file) => ({
    ...file,
    defines: entryPoints.includes(file.path) || !passedOn.ignores(file.path),
  }));
  for (const each of entryPoints) checkEntryPoint(sourceDir, each, files, leftOut);
  return { files, leftOut: leftOut.filter(({ by }) => by !== "cache") };
}

function readFiles(sourceDir: string, paths: string[]): Omit<SourceFile, "defines">[] {
  let bytes = 0;
  return paths.map((file) => {
    const from = path.join(sourceDir, file);
    const { size, mode } = fs.statSync(from);
    bytes += size;
    if (bytes > MAX_BYTES) {
      throw new pulumi.RunError(
        `The source bundle of ${sourceDir} is over ${MAX_BYTES / 1024 / 1024} MiB at ${file}: ` +
          `name what is not code in ${path.join(sourceDir, IGNORE_FILE)}.`,
      );
    }
    const content = fs.readFileSync(from);
    const sha256 = createHash("sha256").update(content).digest("hex");
    return { path: file, content, executable: (mode & 0o100) !== 0, sha256 };
  });
}

function checkEntryPoint(
  sourceDir: string,
  entryPoint: string,
  files: SourceFile[],
  leftOut: LeftOut[],
): void {
  if (files.some((file) => file.path === entryPoint)) return;
  const left = leftOut.find(
    (each) => each.path === entryPoint || (each.path.endsWith("/") && entryPoint.startsWith(each.path)),
  );
  if (left?.by === NOWHERE) {
    const is = `entryPoint ${entryPoint} is a link to nowhere`;
    throw new pulumi.RunError(`${is}: put back what it leads to, or a script in its place.`);
  }
  if (left) {
    throw new pulumi.RunError(
      `entryPoint ${entryPoint} is not in the source bundle: ${left.by} leaves out ${left.path}. ` +
        `Bring it back with a line !${left.path} in ${path.join(sourceDir, IGNORE_FILE)}.`,
    );
  }
  const paths = files.map((file) => file.path);
  const meant = meantBy(entryPoint, paths);
  const told = meant
    ? `did you mean ${meant}? It is relative to sourceDir.`
    : `it holds ${some(paths) || "no files"}.`;
  throw new pulumi.RunError(`entryPoint ${entryPoint} is not in ${sourceDir}: ${told}`);
}

/** The file that ends as what was written does; else the one that is called nearly so. */
function meantBy(entryPoint: string, paths: string[]): string | undefined {
  const written = entryPoint.replaceAll("\\", "/").toLowerCase();
  const isIn = (whole: string, end: string) => whole === end || whole.endsWith(`/${end}`);
  const ends = paths.filter((each) => isIn(written, each.toLowerCase()) || isIn(each.toLowerCase(), written));
  if (ends.length > 0) return ends.reduce((a, b) => (b.length > a.length ? b : a));
  const scripts = paths.filter((each) => /\.(py|sh)$/.test(each));
  return (
    scripts.find((each) => each === `${entryPoint}.py`) ??
    /did you mean (.+)\?$/.exec(didYouMean(entryPoint, scripts))?.[1]
  );
}

function some(paths: string[]): string {
  const more = paths.length > 10 ? [`and ${paths.length - 10} more`] : [];
  return [...paths.slice(0, 10), ...more].join(", ");
}

/** Files below a folder, links followed: to a folder that is being walked already, or to nowhere, they are left out, which is said. */
function walk(root: string, rules: Rules, leftOut: LeftOut[], folder = "", above: string[] = []): string[] {
  const here = fs.realpathSync(path.join(root, folder));
  if (above.includes(here)) {
    leftOut.push({ path: `${folder}/`, by: "a link to a folder around it" });
    return [];
  }
  rules.enter(folder);
  return fs.readdirSync(here).flatMap((name) => {
    const relative = path.posix.join(folder, name);
    const found = fs.statSync(path.join(here, name), { throwIfNoEntry: false });
    // A folder's rule ends in a slash: ask with one, and never descend into what is left out.
    const asked = found?.isDirectory() ? `${relative}/` : relative;
    const by = rules.leavesOut(asked);
    if (by !== undefined) {
      leftOut.push({ path: asked, by });
      return [];
    }
    if (found?.isDirectory()) return walk(root, rules, leftOut, relative, [...above, here]);
    if (found?.isFile()) return [relative];
    // Editors lock a file with such a link.
    const isLock = !found && name.startsWith(".#");
    leftOut.push({ path: relative, by: isLock ? "cache" : found ? "no file" : NOWHERE });
    return [];
  });
}

/** Which paths of a source folder are left out, and by what. */
class Rules {
  /** In gitignore syntax, from the outermost folder inwards: the last file that says something about a path decides. */
  readonly #git: { file: string; folder: string; rules: ignore.Ignore }[] = [];
  readonly #own: ignore.Ignore;
  readonly #root: string;

  constructor(sourceDir: string) {
    this.#root = path.resolve(sourceDir);
    for (const folder of foldersAbove(this.#root)) this.#read(folder);
    this.#own = rulesIn(this.#root, IGNORE_FILE);
  }

  /** Takes in the `.gitignore` of a folder of the source; call it before asking about what is in there. */
  enter(folder: string): void {
    this.#read(path.join(this.#root, folder));
  }

  /** What leaves out a path relative to the source folder; undefined: it goes into the bundle. */
  leavesOut(relative: string): string | undefined {
    const own = this.#own.test(relative);
    if (own.unignored) return undefined;
    if (own.ignored) return IGNORE_FILE;
    return leftOutByName(relative) ?? this.#leftOutByGit(relative);
  }

  #leftOutByGit(relative: string): string | undefined {
    let by: string | undefined;
    for (const { file, folder, rules } of this.#git) {
      const inside = slashed(path.relative(folder, path.join(this.#root, relative)));
      if (inside.startsWith("../")) continue;
      const { ignored, unignored } = rules.test(relative.endsWith("/") ? `${inside}/` : inside);
      if (ignored) by = file;
      if (unignored) by = undefined;
    }
    return by;
  }

  #read(folder: string): void {
    const file = path.join(folder, ".gitignore");
    if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile()) return;
    const rules = rulesOf(file);
    // A folder that git ignores as a whole, and that is named as the source all the same, is wanted.
    const root = slashed(path.relative(folder, this.#root));
    if (root !== "" && !root.startsWith("..") && rules.ignores(`${root}/`)) return;
    this.#git.push({ file: slashed(path.relative(this.#root, file)), folder, rules });
  }
}

function rulesIn(folder: string, name: string): ignore.Ignore {
  const file = path.join(folder, name);
  return fs.existsSync(file) ? rulesOf(file) : ignore();
}

/** As git takes them on every machine: capital letters count, the mark that editors on Windows begin a file with does not. */
const rulesOf = (file: string): ignore.Ignore =>
  ignore({ ignorecase: false }).add(fs.readFileSync(file, "utf8").replace(/^\ufeff/, ""));

const secretFolders = ignore().add(SECRET_FOLDERS);
const secretFiles = ignore().add(SECRET_FILES);
const neverCode = ignore().add(NEVER_CODE);
const caches = ignore().add(CACHES);

function leftOutByName(relative: string): string | undefined {
  // By the last name alone: a Python package may well be called credentials.
  const name = path.posix.basename(relative);
  const isFolder = relative.endsWith("/");
  if (caches.ignores(name)) return "cache";
  if (neverCode.ignores(name)) return "never code";
  if (isFolder ? secretFolders.ignores(name) : secretFiles.ignores(name)) return "may hold secrets";
  return undefined;
}

/** The folders between the top of the repository (or the project, where there is none) and a folder, outermost first. */
function foldersAbove(folder: string): string[] {
  const above: string[] = [];
  for (let each = folder; ; each = path.dirname(each)) {
    if (each !== folder) above.unshift(each);
    if (fs.existsSync(path.join(each, ".git"))) return above;
    if (each === path.dirname(each)) break;
  }
  const project = process.cwd();
  return above.filter((each) => each === project || each.startsWith(project + path.sep));
}

const slashed = (file: string): string => file.split(path.sep).join("/");

/** SHA-256 of paths, contents and executable bits of the files that define the training, first 16 hex digits. */
export function digestOf(files: SourceFile[]): string {
  const hash = createHash("sha256");
  for (const file of files.filter(({ defines }) => defines))
    hash.update(`${file.path}\0${file.sha256}${file.executable ? "\0x" : ""}\n`);
  return hash.digest("hex").slice(0, 16);
}
