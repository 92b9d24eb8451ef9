import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import ignore from "ignore";
import * as tar from "tar";

export interface SourceBundleArgs {
  /** Folder with the training code; its files land in /opt/ml/code. Relative to the Pulumi project. */
  sourceDir: string;
  /** The script that SageMaker runs, relative to `sourceDir`: refused when it is not in the bundle. */
  entryPoint: string;
  /** Bucket that keeps the bundle. */
  bucket: pulumi.Input<string>;
  /** Key prefix in the bucket. Default: `code`. */
  prefix?: string;
}

/**
 * The training code as one content-addressed `sourcedir.tar.gz` in S3. The same files give the same key, so a changed byte
 * retrains and a changed date does not; older bundles stay, since older jobs name them.
 *
 * Left out: what `.sourceignore` in the folder names (gitignore syntax), and always version control, environments, caches and
 * files that usually hold secrets.
 *
 * @example
 * const code = new SourceBundle("code", { sourceDir: "train", entryPoint: "train.py", bucket: store.bucket });
 */
export class SourceBundle extends pulumi.ComponentResource {
  /** S3 URI of the archive, for `sagemaker_submit_directory`. */
  public readonly uri: pulumi.Output<string>;
  /** SHA-256 of the bundle's paths and contents, first 16 hex digits. */
  public readonly digest: string;
  /** What is in it: path -> first 8 hex digits of the file's SHA-256. */
  public readonly files: Record<string, string>;

  constructor(name: string, args: SourceBundleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("training:index:SourceBundle", name, {}, opts);

    const sources = readSources(args.sourceDir, args.entryPoint);
    this.files = Object.fromEntries(sources.map((file) => [file.path, file.sha256.slice(0, 8)]));
    this.digest = digestOf(sources);
    const object = new aws.s3.BucketObjectv2(
      `${name}-sourcedir`,
      {
        bucket: args.bucket,
        key: `${args.prefix ?? "code"}/${this.digest}/sourcedir.tar.gz`,
        source: new pulumi.asset.FileAsset(pack(args.sourceDir, sources, this.digest)),
        contentType: "application/gzip",
      },
      // The key is the content, so a difference in the archive's bytes (another gzip version) is none.
      { parent: this, retainOnDelete: true, ignoreChanges: ["source"] },
    );
    this.uri = pulumi.interpolate`s3://${object.bucket}/${object.key}`;
    this.registerOutputs({ uri: this.uri, digest: this.digest });
  }
}

interface SourceFile {
  path: string;
  sha256: string;
}

const IGNORE_FILE = ".sourceignore";
const ALWAYS_IGNORED = [
  IGNORE_FILE,
  ".git",
  ".venv",
  "venv",
  "node_modules",
  "__pycache__",
  "*.pyc",
  ".ipynb_checkpoints",
  ".DS_Store",
  ".env",
  ".env.*",
  "*.pem",
  ".aws",
];
/** What the training container would have to download before every run; data belongs in a channel. */
const MAX_BYTES = 100 * 1024 * 1024;

/** The files of the bundle in a fixed order. Throws, before anything is created, on a folder that cannot train. */
export function readSources(sourceDir: string, entryPoint: string): SourceFile[] {
  if (!fs.statSync(sourceDir, { throwIfNoEntry: false })?.isDirectory()) {
    throw new pulumi.RunError(
      `sourceDir ${sourceDir} is not a folder: set training:sourceDir to your training code.`,
    );
  }
  const rules = ignore().add(ALWAYS_IGNORED);
  const own = path.join(sourceDir, IGNORE_FILE);
  if (fs.existsSync(own)) rules.add(fs.readFileSync(own, "utf8"));

  const paths = walk(sourceDir, "", rules, []).sort();
  if (!paths.includes(entryPoint)) {
    throw new pulumi.RunError(
      `entryPoint ${entryPoint} is not in ${sourceDir} (or ${IGNORE_FILE} leaves it out): it holds ${paths.slice(0, 10).join(", ") || "no files"}.`,
    );
  }
  let bytes = 0;
  return paths.map((file) => {
    const content = fs.readFileSync(path.join(sourceDir, file));
    bytes += content.length;
    if (bytes > MAX_BYTES) {
      throw new pulumi.RunError(
        `The source bundle of ${sourceDir} is over ${MAX_BYTES / 1024 / 1024} MiB at ${file}: name what is not code in ${own}.`,
      );
    }
    return {
      path: file,
      sha256: createHash("sha256").update(content).digest("hex"),
    };
  });
}

/** Files below `folder`, links followed: to a folder that is being walked already, or to nowhere, they are left out. */
function walk(root: string, folder: string, rules: ignore.Ignore, above: string[]): string[] {
  const here = fs.realpathSync(path.join(root, folder));
  if (above.includes(here)) return [];
  return fs.readdirSync(here).flatMap((name) => {
    const relative = path.posix.join(folder, name);
    const found = fs.statSync(path.join(here, name), { throwIfNoEntry: false });
    // A folder's rule ends in a slash: ask with one, and never descend into what is left out.
    if (!found || rules.ignores(found.isDirectory() ? `${relative}/` : relative)) return [];
    if (found.isDirectory()) return walk(root, relative, rules, [...above, here]);
    return found.isFile() ? [relative] : [];
  });
}

export function digestOf(sources: SourceFile[]): string {
  const hash = createHash("sha256");
  for (const file of sources) hash.update(`${file.path}\0${file.sha256}\n`);
  return hash.digest("hex").slice(0, 16);
}

/** Writes the archive once per content into the user's temporary folder, without dates, owners or a leading `./`. */
function pack(sourceDir: string, sources: SourceFile[], digest: string): string {
  const folder = path.join(ownTemporaryFolder(), digest);
  const file = path.join(folder, "sourcedir.tar.gz");
  if (fs.existsSync(file)) return file;
  fs.mkdirSync(folder, { recursive: true });
  const partial = `${file}.${process.pid}`;
  tar.create(
    {
      file: partial,
      cwd: sourceDir,
      gzip: true,
      portable: true,
      sync: true,
      mtime: new Date(0),
      follow: true,
    },
    sources.map(({ path: each }) => each),
  );
  fs.renameSync(partial, file);
  return file;
}

/** A folder that nobody else can have put an archive into: others share the system's temporary folder. */
function ownTemporaryFolder(): string {
  const user = process.getuid?.();
  const folder = path.join(os.tmpdir(), `pulumi-training-${user ?? "user"}`);
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (user !== undefined && fs.lstatSync(folder).uid !== user) {
    throw new pulumi.RunError(
      `${folder} belongs to another user: remove it, or set TMPDIR to a folder of yours.`,
    );
  }
  return folder;
}
