import * as pulumi from "@pulumi/pulumi";
import { ArtifactStore } from "./artifactStore";
import type { loadConfig } from "./config";
import { ExecutionRole } from "./executionRole";
import { SourceBundle } from "./sourceBundle";
import { TrainingImage } from "./trainingImage";
import { type Duration, durationSeconds } from "./trainingJob/args/duration";
import { TrainingJob } from "./trainingJob/trainingJob";

/** The stack's configuration is an experiment's arguments: one name for a thing, wherever it is set. */
export type ExperimentArgs = ReturnType<typeof loadConfig>;

/**
 * One experiment: code, data, hyperparameters and hardware in; a model artifact out. Creates the bucket, the source bundle and the
 * execution role that the job needs (or takes existing ones), picks the image, and runs the training job to its end.
 *
 * @example
 * const experiment = new Experiment("densenet121", loadConfig());
 * export const modelArtifact = experiment.job.modelArtifact;
 */
export class Experiment extends pulumi.ComponentResource {
  public readonly store: ArtifactStore;
  public readonly image: TrainingImage;
  public readonly code: SourceBundle;
  public readonly role: ExecutionRole;
  public readonly job: TrainingJob;

  constructor(name: string, args: ExperimentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("training:index:Experiment", name, {}, opts);

    this.store = this.createStore(name, args);
    this.image = new TrainingImage(`${name}-image`, imageArgs(args), { parent: this });
    this.code = this.bundleSource(name, args);
    this.role = this.createRole(name, args);
    this.job = this.train(name, args);
    this.registerOutputs({ modelArtifact: this.job.modelArtifact });
  }

  private createStore(name: string, args: ExperimentArgs): ArtifactStore {
    return new ArtifactStore(
      `${name}-store`,
      {
        bucketName: args.bucketName,
        kmsKeyId: args.kmsKeyArn,
        deletePolicy: args.deletePolicy,
        tags: args.tags,
      },
      { parent: this },
    );
  }

  private bundleSource(name: string, args: ExperimentArgs): SourceBundle {
    return new SourceBundle(
      `${name}-code`,
      {
        sourceDir: args.sourceDir,
        entryPoint: args.entryPoint,
        bucket: this.store.bucket,
        kmsKeyId: args.kmsKeyArn,
        networkIsolation: args.networkIsolation,
        arguments: pulumi.output(args.hyperparameters).apply(Object.keys),
      },
      { parent: this, dependsOn: this.store.guards },
    );
  }

  private createRole(name: string, args: ExperimentArgs): ExecutionRole {
    return new ExecutionRole(
      `${name}-execution`,
      {
        roleArn: args.roleArn,
        bucket: this.store.bucket,
        dataUris: [prefix(args.train), prefix(args.val)],
        repositoryArn: this.image.repositoryArn,
        kmsKeyArns: args.kmsKeyArn ? [args.kmsKeyArn] : [],
        dataKmsKeyArns: args.dataKmsKeyArns,
        permissionsBoundary: args.permissionsBoundary,
        vpc: args.subnets.length > 0,
        tags: args.tags,
      },
      { parent: this },
    );
  }

  private train(name: string, args: ExperimentArgs): TrainingJob {
    const { spot, keepAlive, subnets, securityGroupIds } = args;
    return new TrainingJob(
      `${name}-training`,
      {
        baseJobName: args.experiment,
        runId: args.runId,
        roleArn: this.role.arn,
        algorithmSpecification: { trainingImage: this.image.uri, trainingInputMode: "File" },
        sourceUri: this.code.uri,
        sourceFiles: this.code.files,
        sourceVersion: this.code.version,
        entryPoint: args.entryPoint,
        distribution: args.distribution,
        hyperparameters: args.hyperparameters,
        environment: args.environment,
        metricDefinitions: metricDefinitions(args),
        inputDataConfig: [
          channel("train", args.train, args.fingerprintData),
          channel("val", args.val, args.fingerprintData),
        ],
        outputDataConfig: { s3OutputPath: this.store.artifactsUri, kmsKeyId: args.kmsKeyArn },
        resourceConfig: { instanceType: args.instanceType, instanceCount: args.instanceCount },
        maxRun: args.maxRun,
        spot: spot ? { maxWait: args.maxWait ?? twice(args.maxRun), fallback: args.fallback } : undefined,
        checkpointConfig: spot
          ? { s3Uri: pulumi.interpolate`${this.store.checkpointsUri}/{job}` }
          : undefined,
        warmPool: keepAlive === undefined ? undefined : { keepAlive },
        vpcConfig: subnets.length > 0 ? { subnets, securityGroupIds } : undefined,
        enableNetworkIsolation: args.networkIsolation,
        onCancel: args.onCancel,
        deletePolicy: args.deletePolicy,
        livePrices: args.livePrices,
        tags: args.tags,
      },
      { parent: this },
    );
  }
}

/** The job watches the metric that is defined last. In what order they are defined makes no other training. */
function metricDefinitions({ metrics, primaryMetric }: ExperimentArgs) {
  const definitions = Object.entries(metrics).map(([name, regex]) => ({ name, regex }));
  const isPrimary = ({ name }: { name: string }) => name === primaryMetric;
  return [...definitions.filter((each) => !isPrimary(each)), ...definitions.filter(isPrimary)];
}

function imageArgs(args: ExperimentArgs) {
  return {
    frameworkVersion: args.frameworkVersion,
    pythonVersion: args.pythonVersion,
    processor: /^ml\.[gp]/.test(args.instanceType) ? ("gpu" as const) : ("cpu" as const),
    repository: args.imageRepository,
    tag: args.imageTag,
    uri: args.imageUri,
  };
}

/** As long again for waiting as for training: waiting costs nothing. */
const twice = (maxRun: Duration): number => 2 * (durationSeconds(maxRun) ?? 0);

/** A prefix ends in a slash: `s3://data/val` would also read `s3://data/validation-old/`. */
const prefix = (uri: string): string => (uri.endsWith("/") ? uri : `${uri}/`);

function channel(channelName: string, uri: string, fingerprint: boolean) {
  return {
    channelName,
    fingerprint,
    dataSource: {
      s3DataSource: {
        s3DataType: "S3Prefix" as const,
        s3Uri: prefix(uri),
        s3DataDistributionType: "FullyReplicated" as const,
      },
    },
  };
}
