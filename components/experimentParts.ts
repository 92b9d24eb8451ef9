import * as pulumi from "@pulumi/pulumi";
import { ArtifactStore } from "./artifactStore";
import type { ExperimentConfig } from "./config";
import { Dashboard } from "./dashboard";
import { ExecutionRole } from "./executionRole";
import { ImageRepository } from "./imageRepository";
import { Notification } from "./notification";
import { prefix } from "./s3Prefix";
import { SourceBundle } from "./sourceBundle";
import { type Processor, TrainingImage } from "./trainingImage";
import { type Duration, durationSeconds } from "./trainingJob/args/duration";
import type { TrainingJobArgs } from "./trainingJob/trainingJob";

/** The stack's configuration is an experiment's arguments: one name for a thing, wherever it is set. */
export type ExperimentArgs = ExperimentConfig;

/** What the jobs of a stack have in common. */
export interface Parts {
  store: ArtifactStore;
  /** By the processor that it is built for. */
  images: Map<Processor, TrainingImage>;
  code: SourceBundle;
  role: ExecutionRole;
  /** Where the stack has one. */
  dashboard?: Dashboard;
  /** What must be there before a job starts. */
  beforeJobs: pulumi.Resource[];
}

/**
 * Creates the bucket, the source bundle and the execution role that jobs need, or takes existing ones, and picks the image.
 *
 * @param jobs the arguments of each job: they may differ in data, script and machine. At least one.
 * @param checkpointChannel the channel with the checkpoints that later jobs go on from, if there is one
 */
export function createParts(
  name: string,
  jobs: ExperimentArgs[],
  parent: pulumi.Resource,
  checkpointChannel?: string,
): Parts {
  const store = createStore(name, jobs[0], parent);
  const images = createImages(name, jobs, parent);
  const code = bundleSource(name, jobs, store, parent, checkpointChannel);
  const role = createRole(name, jobs, store, images, parent);
  const dashboard = createDashboard(name, jobs, store, parent);
  return { store, images, code, role, dashboard, beforeJobs: createNotification(name, jobs[0], parent) };
}

function createStore(name: string, args: ExperimentArgs, parent: pulumi.Resource): ArtifactStore {
  const { bucketName, kmsKeyArn: kmsKeyId, deletePolicy, tags } = args;
  return new ArtifactStore(`${name}-store`, { bucketName, kmsKeyId, deletePolicy, tags }, { parent });
}

function createImages(name: string, jobs: ExperimentArgs[], parent: pulumi.Resource): Parts["images"] {
  const images: Parts["images"] = new Map();
  const build = createBuild(name, jobs[0], parent);
  for (const args of jobs) {
    const processor = processorOf(args);
    if (images.has(processor)) continue;
    const suffix = images.size === 0 ? "" : `-${processor}`;
    images.set(
      processor,
      new TrainingImage(`${name}-image${suffix}`, { ...imageArgs(args, processor), build }, { parent }),
    );
  }
  return images;
}

/** One repository for the images of all machines. */
function createBuild(name: string, args: ExperimentArgs, parent: pulumi.Resource) {
  const { dockerfile, kmsKeyArn, deletePolicy, tags } = args;
  if (dockerfile === undefined) return undefined;
  const repository = new ImageRepository(`${name}-images`, { kmsKeyArn, deletePolicy, tags }, { parent });
  return { dockerfile, repository };
}

function bundleSource(
  name: string,
  jobs: ExperimentArgs[],
  store: ArtifactStore,
  parent: pulumi.Resource,
  checkpointChannel: string | undefined,
) {
  const [{ sourceDir, entryPoint, kmsKeyArn: kmsKeyId, networkIsolation }] = jobs;
  const others = jobs.map((args) => args.entryPoint).filter((each) => each !== entryPoint);
  return new SourceBundle(
    `${name}-code`,
    {
      sourceDir,
      entryPoint,
      otherEntryPoints: [...new Set(others)],
      bucket: store.bucket,
      kmsKeyId,
      networkIsolation,
      arguments: argumentsOf(jobs),
      checkpointChannel,
    },
    { parent, dependsOn: store.guards },
  );
}

/** The names of what any of the jobs hands to its script. */
const argumentsOf = (jobs: ExperimentArgs[]) =>
  pulumi
    .all(jobs.map((args) => pulumi.output(args.hyperparameters).apply((each) => Object.keys(each ?? {}))))
    .apply((names) => [...new Set(names.flat())]);

function createRole(
  name: string,
  jobs: ExperimentArgs[],
  store: ArtifactStore,
  images: Parts["images"],
  parent: pulumi.Resource,
): ExecutionRole {
  const [args] = jobs;
  const [image] = images.values();
  return new ExecutionRole(
    `${name}-execution`,
    {
      roleArn: args.roleArn,
      bucket: store.bucket,
      dataUris: dataUris(jobs),
      // One repository has AWS's images for both processors.
      repositoryArn: image.repositoryArn,
      kmsKeyArns: args.kmsKeyArn ? [args.kmsKeyArn] : [],
      dataKmsKeyArns: args.dataKmsKeyArns,
      permissionsBoundary: args.permissionsBoundary,
      vpc: args.subnets.length > 0,
      tags: args.tags,
    },
    { parent },
  );
}

function createDashboard(
  name: string,
  jobs: ExperimentArgs[],
  { bucket }: ArtifactStore,
  parent: pulumi.Resource,
): Dashboard | undefined {
  const [{ experiment, dashboard }] = jobs;
  if (!dashboard) return undefined;
  const watched = jobs.flatMap((args) => metricDefinitions(args).map((metric) => metric.name));
  // Of a job's the one to watch is the last.
  const metrics = [...new Set(watched.reverse())];
  const gpu = jobs.some((args) => processorOf(args) === "gpu");
  return new Dashboard(`${name}-dashboard`, { experiment, metrics, gpu, bucket }, { parent });
}

/** The first word is of the first end: it must be there before there is a job. */
function createNotification(
  name: string,
  { experiment, notify: addresses, tags }: ExperimentArgs,
  parent: pulumi.Resource,
): Notification[] {
  if (addresses.length === 0) return [];
  return [new Notification(`${name}-notification`, { experiment, addresses, tags }, { parent })];
}

/** Those of the first job as they are, for a role that an earlier release made; of the others what is not among them. */
function dataUris([first, ...others]: ExperimentArgs[]): string[] {
  const uris = [prefix(first.train), prefix(first.val)];
  for (const uri of others.flatMap(({ train, val }) => [prefix(train), prefix(val)])) {
    if (!uris.includes(uri)) uris.push(uri);
  }
  return uris;
}

/** What a job of these parts is asked for. */
export function jobArgs(args: ExperimentArgs, { store, images, code, role }: Parts): TrainingJobArgs {
  const { spot, keepAlive, subnets, securityGroupIds } = args;
  const image = images.get(processorOf(args)) as TrainingImage;
  return {
    baseJobName: args.experiment,
    runId: args.runId,
    roleArn: role.arn,
    algorithmSpecification: { trainingImage: image.uri, trainingInputMode: "File" },
    sourceUri: code.uri,
    sourceFiles: code.files,
    sourceVersion: code.version,
    entryPoint: args.entryPoint,
    distribution: args.distribution,
    hyperparameters: args.hyperparameters,
    environment: args.environment,
    metricDefinitions: metricDefinitions(args),
    inputDataConfig: [
      channel("train", args.train, args.fingerprintData),
      channel("val", args.val, args.fingerprintData),
    ],
    outputDataConfig: { s3OutputPath: store.artifactsUri, kmsKeyId: args.kmsKeyArn },
    storeMark: store.mark,
    resourceConfig: { instanceType: args.instanceType, instanceCount: args.instanceCount },
    maxRun: args.maxRun,
    spot: spot ? { maxWait: args.maxWait ?? twice(args.maxRun), fallback: args.fallback } : undefined,
    checkpointConfig: spot ? { s3Uri: pulumi.interpolate`${store.checkpointsUri}/{job}` } : undefined,
    warmPool: keepAlive === undefined ? undefined : { keepAlive },
    vpcConfig: subnets.length > 0 ? { subnets, securityGroupIds } : undefined,
    enableNetworkIsolation: args.networkIsolation,
    onCancel: args.onCancel,
    deletePolicy: args.deletePolicy,
    livePrices: args.livePrices,
    tags: args.tags,
  };
}

/** The job watches the metric that is defined last. In what order they are defined makes no other training. */
function metricDefinitions({ metrics, primaryMetric }: ExperimentArgs) {
  const definitions = Object.entries(metrics).map(([name, regex]) => ({ name, regex }));
  const isPrimary = ({ name }: { name: string }) => name === primaryMetric;
  return [...definitions.filter((each) => !isPrimary(each)), ...definitions.filter(isPrimary)];
}

const processorOf = ({ instanceType }: ExperimentArgs): Processor =>
  /^ml\.[gp]/.test(instanceType) ? "gpu" : "cpu";

function imageArgs(args: ExperimentArgs, processor: Processor) {
  return {
    frameworkVersion: args.frameworkVersion,
    pythonVersion: args.pythonVersion,
    processor,
    repository: args.imageRepository,
    tag: args.imageTag,
    uri: args.imageUri,
  };
}

/** As long again for waiting as for training: waiting costs nothing. */
const twice = (maxRun: Duration): number => 2 * (durationSeconds(maxRun) ?? 0);

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
