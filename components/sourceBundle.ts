import * as pulumi from "@pulumi/pulumi";
import * as aws from "./aws";
import { writeArchive } from "./sourceArchive";
import { isUnread, unnamedArguments } from "./sourceArguments";
import { type SourceCommit, sourceCommit } from "./sourceCommit";
import { digestOf, readSources, type SourceFile, type Sources } from "./sourceFiles";
import { checkScript } from "./sourceScript";

export interface SourceBundleArgs {
  /** Folder with the training code; its files land in /opt/ml/code. Relative to the Pulumi project. */
  sourceDir: string;
  /** The script that SageMaker runs, relative to `sourceDir`: refused when it is not in the bundle. */
  entryPoint: string;
  /** More scripts of the bundle that jobs run. Default: none. */
  otherEntryPoints?: string[];
  /** Bucket that keeps the bundle. */
  bucket: pulumi.Input<string>;
  /** Key prefix in the bucket. Default: `code`. */
  prefix?: string;
  /** KMS key (id or ARN) that encrypts the bundle. Default: the bucket's own encryption. */
  kmsKeyId?: pulumi.Input<string>;
  /** Whether the container that runs the code has no network; says what cannot work then. Default: false. */
  networkIsolation?: boolean;
  /** Names of the arguments that the script is started with: those that no file of the source names are warned of. Default: none. */
  arguments?: pulumi.Input<string[]>;
  /** A channel with the checkpoints to begin with: warned of where no file of the source reads it. Default: none. */
  checkpointChannel?: string;
}

/**
 * The training code as one content-addressed `sourcedir.tar.gz` in S3. The same files give the same key, so a changed byte
 * retrains and a changed date does not; older bundles stay, since older jobs name them.
 *
 * Left out: what git ignores, and always version control, environments, caches and files that usually hold secrets. `.sourceignore`
 * in the folder (gitignore syntax) has the last word: a line with `!` brings a file back. A line of the deployment's output says how
 * much is packed and what is not.
 *
 * `.identityignore` (the same syntax) names files that the training only passes on, such as code for serving: they are packed, but a
 * change of them trains nothing again. The bundle under the key then has the newer ones, for the next training.
 *
 * The upload waits for what `dependsOn` names, such as the guards of the bucket.
 *
 * @example
 * const code = new SourceBundle("code", { sourceDir: "train", entryPoint: "train.py", bucket: store.bucket }, { dependsOn: store.guards });
 */
export class SourceBundle extends pulumi.ComponentResource {
  /** S3 URI of the archive, for `sagemaker_submit_directory`. */
  public readonly uri: pulumi.Output<string>;
  /** SHA-256 of the paths, contents and executable bits of the files that define the training, first 16 hex digits. */
  public readonly digest: string;
  /** Those files: path -> first 8 hex digits of the file's SHA-256, and `+x` where it may be run. */
  public readonly files: Record<string, string>;
  /** For the record of a run: the digest, and the commit of the folder's repository where it has one. */
  public readonly version: { digest: string } & Partial<SourceCommit>;

  constructor(name: string, args: SourceBundleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("training:index:SourceBundle", name, {}, opts);

    const { entryPoint, otherEntryPoints = [] } = args;
    const sources = readSources(args.sourceDir, entryPoint, ...otherEntryPoints);
    const warnings = [entryPoint, ...otherEntryPoints].flatMap((each) =>
      checkScript(sources.files, { ...args, entryPoint: each }),
    );
    for (const warning of new Set(warnings)) void pulumi.log.warn(warning, this);
    pulumi.output(args.arguments ?? []).apply((names) => {
      const unnamed = unnamedArguments(sources.files, names);
      if (unnamed.length > 0) void pulumi.log.warn(leftovers(args.sourceDir, unnamed), this);
    });
    const { checkpointChannel: channel } = args;
    if (channel && isUnread(sources.files, channel))
      void pulumi.log.warn(unread(args.sourceDir, channel), this);
    void pulumi.log.info(summary(args.sourceDir, sources), this);
    const defining = sources.files.filter(({ defines }) => defines);
    this.files = Object.fromEntries(defining.map((file) => [file.path, shortHash(file)]));
    this.digest = digestOf(sources.files);
    const paths = sources.files.map((file) => file.path);
    this.version = { digest: this.digest, ...sourceCommit(args.sourceDir, paths) };
    const object = new aws.s3.BucketObjectv2(
      `${name}-sourcedir`,
      {
        bucket: args.bucket,
        key: `${args.prefix ?? "code"}/${this.digest}/sourcedir.tar.gz`,
        source: new pulumi.asset.FileAsset(writeArchive(sources.files, this.digest)),
        contentType: "application/gzip",
        ...(args.kmsKeyId === undefined
          ? {}
          : { serverSideEncryption: "aws:kms", kmsKeyId: args.kmsKeyId, bucketKeyEnabled: true }),
        // S3 takes 10 tags for an object, and a provider may add more than that to everything it makes.
        overrideProvider: { defaultTags: { tags: {} } },
      },
      { parent: this, retainOnDelete: true, dependsOn: opts?.dependsOn },
    );
    this.uri = pulumi.interpolate`s3://${object.bucket}/${object.key}`;
    this.registerOutputs({ uri: this.uri, digest: this.digest });
  }
}

const shortHash = ({ sha256, executable }: SourceFile): string =>
  `${sha256.slice(0, 8)}${executable ? "+x" : ""}`;

const leftovers = (sourceDir: string, names: string[]): string =>
  `No file of ${sourceDir} names the hyperparameters ${names.join(", ")}: are they left over from another script? ` +
  "argparse ends the job with an error for each. `pulumi config rm --path training:hyperparameters.NAME` takes one out.";

const unread = (sourceDir: string, channel: string): string =>
  `No file of ${sourceDir} reads SM_CHANNEL_${channel.toUpperCase()}, where a job finds the checkpoints of the rung before: it would begin ` +
  "from nothing, and take as long as without training:halving. See docs/sweeps.md for the line that a script needs.";

/** One line for the deployment's output. */
function summary(sourceDir: string, { files, leftOut }: Sources): string {
  const bytes = files.reduce((sum, { content }) => sum + content.length, 0);
  const shown = leftOut.slice(0, 10).map(({ path, by }) => `${path} (${by})`);
  const more = leftOut.length > shown.length ? [`${leftOut.length - shown.length} more`] : [];
  const left = leftOut.length > 0 ? `, without ${[...shown, ...more].join(", ")}` : "";
  return `Source bundle of ${sourceDir}: ${files.length} files, ${readable(bytes)}${left}`;
}

function readable(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
