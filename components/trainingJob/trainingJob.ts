import * as pulumi from "@pulumi/pulumi";
import { awsProviderSettings } from "../awsProvider";
import { checkNodeVersion } from "../nodeVersion";
import type { TrainingJobArgs } from "./args/args";
import type { Cost } from "./cost/cost";
import { ignoredParents, ignoredPlaces } from "./ignoredChanges";
import { TrainingJobOwner } from "./owner";
import { ownerAliases } from "./ownerAliases";
import { rowUrn } from "./rowUrn";
import { startProvider } from "./startProvider";
import type { Attempt, TimelineEntry } from "./state/facts";
import { OUTPUTS } from "./state/outputs";
import { storedProvider } from "./storedProvider";

export type { TrainingJobArgs } from "./args/args";

/**
 * A SageMaker training job that is run to its end: the resource exists once there is a model artifact. Inputs are those of
 * CreateTrainingJob in camelCase, plus script mode (`sourceUri`, `entryPoint`, `distribution`), spot, warm pools and adoption; all are
 * checked at preview.
 *
 * The same training is never paid for twice: a job of this resource that runs already is followed, one that completed is taken over. A job that
 * failed stays in the state, and the next `pulumi up` replaces it.
 *
 * @example
 * const job = new TrainingJob("densenet", {
 *   roleArn: role.arn,
 *   algorithmSpecification: { trainingImage: image },
 *   sourceUri: "s3://bucket/code/sourcedir.tar.gz",
 *   entryPoint: "train.py",
 *   inputDataConfig: [{ channelName: "train", dataSource: { s3DataSource: { s3DataType: "S3Prefix", s3Uri: "s3://data/train/" } } }],
 *   outputDataConfig: { s3OutputPath: "s3://bucket/artifacts" },
 *   resourceConfig: { instanceType: "ml.g5.xlarge" },
 *   maxRun: "1h",
 *   spot: { maxWait: "2h", fallback: "on-demand" },
 * });
 */
export class TrainingJob extends pulumi.CustomResource {
  /** For `validateResourceOfType` in policy packs, which matches nothing without it. */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/sagemaker:TrainingJob";

  /** S3 URI of the model artifact, found there by HeadObject. */
  declare public readonly modelArtifact: pulumi.Output<string>;
  /** Name of the job that made the artifact. */
  declare public readonly trainingJobName: pulumi.Output<string>;
  declare public readonly trainingJobArn: pulumi.Output<string>;
  /** TrainingJobStatus: Completed, or what a failed or detached job was last seen with. */
  declare public readonly status: pulumi.Output<string>;
  declare public readonly secondaryStatus: pulumi.Output<string>;
  /** The container image that trained. */
  declare public readonly image: pulumi.Output<string>;
  /** Every job that was started for this training, in order. */
  declare public readonly attempts: pulumi.Output<Attempt[]>;
  /** Secondary status transitions of the last job. */
  declare public readonly timeline: pulumi.Output<TimelineEntry[]>;
  /** Final value of each metric definition. */
  declare public readonly metrics: pulumi.Output<Record<string, number>>;
  /** Seconds that the last job trained. */
  declare public readonly trainingSeconds: pulumi.Output<number | null>;
  /** Seconds of it that are billed: fewer with spot. */
  declare public readonly billableSeconds: pulumi.Output<number | null>;
  /** In USD, over all attempts. */
  declare public readonly cost: pulumi.Output<Cost>;
  declare public readonly logGroup: pulumi.Output<string>;
  /** Console page of the job's log streams. */
  declare public readonly logUrl: pulumi.Output<string>;
  /** Console page of the job. */
  declare public readonly consoleUrl: pulumi.Output<string>;
  /** SageMaker's reason, for a job that failed. */
  declare public readonly failureReason: pulumi.Output<string | null>;

  constructor(name: string, given: TrainingJobArgs, opts: pulumi.CustomResourceOptions = {}) {
    checkNodeVersion();
    refuseImport(name, opts);
    const { storeMark, ...args } = given;
    const awsConfig = awsProviderSettings(name, opts);
    const region = pulumi.output(
      args.region ?? (awsConfig ? awsConfig.region : new pulumi.Config("aws").get("region")),
    );
    startProvider(args.algorithmSpecification);
    const needs = [args.roleArn, args.outputDataConfig, args.sourceUri];
    const ownerArgs = { region, awsConfig, needs, storeMark };
    const owner = new TrainingJobOwner(`${name}-owner`, ownerArgs, ownerOptions(opts));
    const props = {
      baseJobName: name,
      ...args,
      ...ignoredParents(opts.ignoreChanges, args),
      region,
      awsConfig,
      mark: owner.mark,
      account: owner.account,
      project: pulumi.getProject(),
      stack: pulumi.getStack(),
      // `urn` itself is dropped on the way.
      logUrn: rowUrn(name, TrainingJob.__pulumiType, opts.parent),
      secretInputs: secretInputs(args),
      ...NOT_YET_KNOWN,
      __provider: storedProvider,
    };
    // The engine would ask an aws.Provider for this resource, which it does not know.
    const ignoreChanges = ignoredPlaces(opts.ignoreChanges);
    super(TrainingJob.__pulumiType, name, props, { ...opts, ignoreChanges, provider: undefined });
    if (opts.customTimeouts) {
      void pulumi.log.warn(
        "customTimeouts have no effect on a training job: set maxRun and spot.maxWait.",
        this,
      );
    }
  }
}

/** Pulumi imports no dynamic resource, and would say nothing of what this one has in its place. */
function refuseImport(name: string, { import: job }: pulumi.CustomResourceOptions): void {
  if (job === undefined) return;
  const given = typeof job === "string" ? JSON.stringify(job) : "NAME";
  throw new pulumi.RunError(
    `${name}: a training job has no option import: its argument \`adopt: ${given}\` takes over the job of that name.`,
  );
}

/** The owner goes where the job goes, under every name that the job had; what replaces or ignores a job is no matter of the owner's. */
function ownerOptions(opts: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions {
  const { parent, dependsOn, protect, retainOnDelete, deletedWith, aliases } = opts;
  return { parent, dependsOn, protect, retainOnDelete, deletedWith, aliases: ownerAliases(aliases) };
}

/** A provider gets secrets as plain values: only the program can tell which they are. */
async function secretInputs(inputs: Partial<TrainingJobArgs>): Promise<string[][] | undefined> {
  const paths = await secretPaths(inputs);
  return paths.length > 0 ? paths : undefined;
}

/** Paths of the secrets in a value, such as `["hyperparameters", "token"]`; a path stands for everything below it. */
export async function secretPaths(value: unknown, path: string[] = []): Promise<string[][]> {
  if (pulumi.Output.isInstance(value)) return (await pulumi.isSecret(value)) ? [path] : [];
  if (value instanceof Promise) return secretPaths(await value, path);
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.entries(value).map(([key, entry]) => secretPaths(entry, [...path, key]));
  return (await Promise.all(inner)).flat();
}

/** Outputs must be declared as properties that the provider will fill. */
const NOT_YET_KNOWN = Object.fromEntries(OUTPUTS.map((name) => [name, undefined]));
