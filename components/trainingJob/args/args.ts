import type * as pulumi from "@pulumi/pulumi";
import type {
  AlgorithmSpecification,
  MetricDefinition,
  ResourceConfig,
  RetryStrategy,
  ServerlessJobConfig,
  StoppingCondition,
  VpcConfig,
} from "./compute";
import type { Channel, CheckpointConfig, OutputDataConfig } from "./data";
import type { Duration } from "./duration";
import type {
  DebugHookConfig,
  ExperimentConfig,
  MlflowConfig,
  ModelPackageConfig,
  ProfilerConfig,
  RuleConfiguration,
  TensorBoardOutputConfig,
} from "./observe";
import type { LivePrices } from "./prices";
import type { StoreMark } from "./storeMark";

export type * from "./compute";
export type * from "./data";
export type { Duration } from "./duration";
export type * from "./observe";

/** Anything that JSON can say. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** How the script is started on the machines. */
export type Distribution = "none" | "torchDistributed" | "pytorchddp";

/** Managed spot training. */
export interface SpotArgs {
  /** How long waiting for capacity and running may take together; at least `maxRun`. */
  maxWait?: Duration;
  /** What follows when no spot capacity came within `maxWait`: nothing (default), or an on-demand job from the same checkpoints. */
  fallback?: "none" | "on-demand";
  /** How often a job that failed for lack of capacity is tried again, 0 to 10. Default 3. Such a job costs nothing. */
  capacityRetries?: number;
}

/** Machines kept for the next job. They are billed while they wait. */
export interface WarmPoolArgs {
  /** How long they are kept, 0 to 1 hour. */
  keepAlive: Duration;
}

/** The request of CreateTrainingJob in camelCase, without the job's name and with `tags` as a map. */
export interface ApiInputs {
  /** What runs. Its `metricDefinitions` may also stand at the top. Needed unless `serverlessJobConfig` is set. */
  algorithmSpecification?: AlgorithmSpecification;
  /** IAM role that SageMaker assumes for the job, 20 to 2048 characters. */
  roleArn: string;
  /**
   * At most 100, keys up to 256 and encoded values up to 2500 characters (botocore's model). Numbers, booleans, texts
   * and objects: with `sourceUri` they are JSON-encoded as the SageMaker Python SDK does, otherwise texts go as they
   * are and anything else as JSON. Never put secrets here: they are shown by DescribeTrainingJob.
   */
  hyperparameters?: Record<string, Json>;
  /** The inputs of the training, 1 to 20. */
  inputDataConfig?: Channel[];
  /** Where the model artifact goes. */
  outputDataConfig: OutputDataConfig;
  /** The machines. Needed unless `serverlessJobConfig` is set. */
  resourceConfig?: ResourceConfig;
  /** How long the job may take. Default: one day. */
  stoppingCondition?: StoppingCondition;
  /** Use spot capacity. The `spot` argument sets it. Default false. */
  enableManagedSpotTraining?: boolean;
  /** Checkpoints; on by default with spot. */
  checkpointConfig?: CheckpointConfig;
  /** Run in a VPC. */
  vpcConfig?: VpcConfig;
  /** No network for the container (the platform still moves data in and out). Default false. */
  enableNetworkIsolation?: boolean;
  /** Encrypt the traffic between the machines; slower. Default false. */
  enableInterContainerTrafficEncryption?: boolean;
  /** At most 100 variables; key and value up to 512 characters. Never put secrets here: they are shown by DescribeTrainingJob. */
  environment?: Record<string, string>;
  /** Retries after an internal error of SageMaker. */
  retryStrategy?: RetryStrategy;
  /** SageMaker Debugger. */
  debugHookConfig?: DebugHookConfig;
  /** Debugger rules, at most 20. */
  debugRuleConfigurations?: RuleConfiguration[];
  /** Monitoring and profiling. */
  profilerConfig?: ProfilerConfig;
  /** Profiler rules, at most 20. */
  profilerRuleConfigurations?: RuleConfiguration[];
  /** TensorBoard. */
  tensorBoardOutputConfig?: TensorBoardOutputConfig;
  /** SageMaker Experiments. */
  experimentConfig?: ExperimentConfig;
  /** Remote debugging through AWS Systems Manager. */
  remoteDebugConfig?: { enableRemoteDebug?: boolean };
  /** Health check of the machines before the training. */
  infraCheckConfig?: { enableInfraCheck?: boolean };
  /** Reuse the session tags of the creating role for the execution role (attribute-based access control). */
  sessionChainingConfig?: { enableSessionTagChaining?: boolean };
  /** Managed MLflow. */
  mlflowConfig?: MlflowConfig;
  /** Model registry. */
  modelPackageConfig?: ModelPackageConfig;
  /** Serverless customisation in place of algorithm and machines. */
  serverlessJobConfig?: ServerlessJobConfig;
  /** At most 50 together with the resource's own, which begin with "pulumi:"; keys 1 to 128, values up to 256 characters, no key that begins with "aws:". */
  tags?: Record<string, string>;
}

/** Which version of the code a source is. */
export interface SourceVersion {
  /** A hash of the source's files. */
  digest?: string;
  /** Id of the git commit that was checked out. */
  commit?: string;
  /** Whether that commit holds exactly these files. */
  clean?: boolean;
}

/** Keys of the `aws:` configuration without the prefix; structured values are JSON. */
export type AwsConfig = Record<string, string>;

/** What the resource adds to the request. */
export interface OwnInputs {
  /** Start of the job's name: letters, digits and inner hyphens, at most 63 characters, of which 48 are used. Default: the resource's name, with hyphens for other characters. */
  baseJobName?: string;
  /** Any text; a new one forces a new run of the same experiment. */
  runId?: string;
  /** Name of an existing training job to take over in place of starting one. */
  adopt?: string;
  /** Script mode: `s3://.../sourcedir.tar.gz`, the packed source directory. Goes with `entryPoint`. */
  sourceUri?: string;
  /** Script mode: the script to run, relative to the root of the source. Goes with `sourceUri`. */
  entryPoint?: string;
  /**
   * How the script is started: once per machine ("none", default), or by torchrun with one process per GPU on every
   * machine ("torchDistributed"). "pytorchddp" means torchrun as well: the SageMaker Python SDK's own translation of it
   * (smdistributed) does not run on ml.g5 and refuses PyTorch 2.4.
   */
  distribution?: Distribution;
  /** What happens to the job when the deployment is cancelled: it goes on ("detach", default) or is stopped. */
  onCancel?: "detach" | "stop";
  /**
   * What destroy, or a replacement, leaves of a job: all of it ("retain", default), or only its log ("delete": the record and
   * what is under `<s3OutputPath>/<job>/` are removed).
   */
  deletePolicy?: "retain" | "delete";
  /**
   * What a training that ends without a model is: the end of the deployment ("fail", default), which the next one replaces; the same, but
   * told by `status` and `failureReason` while the deployment goes on ("retry"); or a result ("record"): then a job that its own script
   * failed (SageMaker's AlgorithmError) stays as it is until its inputs change, and any other is tried again by the next deployment.
   */
  onFailure?: "fail" | "retry" | "record";
  /** Set by the resource: the row of the display that logs and progress go to. */
  logUrn?: string;
  /** Set by the resource: project and stack, for the job's tags. */
  project?: string;
  /** Set by the resource, as `project`. */
  stack?: string;
  /** Set by the resource: the mark of its owner resource, which goes on every job as a tag. */
  mark?: string;
  /** Set by the resource: the account that its owner is in, where it is known. No job is started in another. */
  account?: string;
  /** AWS region of the job. Default: that of the resource's `aws.Provider`, or else `aws:region` of the stack, or else that of the environment when the job is created; kept from then on. */
  region?: string;
  /** Set by the resource: the settings of the `aws.Provider` in its options or its parent's, which hold in place of the stack's `aws:`. */
  awsConfig?: AwsConfig;
  /** Files of the source, path -> hash: only to name the changed ones when a change of `sourceUri` replaces the job. */
  sourceFiles?: Record<string, string>;
  /** What `run.json` tells of the source besides its files. A change of it trains nothing again. */
  sourceVersion?: SourceVersion;
  /** Set by the resource: a hash of the data of each channel with `fingerprint`. */
  dataFingerprints?: Record<string, string>;
  /**
   * Take the prices in `cost` from the AWS Price List API when the training is planned, for any type and region; needs the permission
   * pricing:GetProducts. Where they cannot be read, `cost.basis` says why. Default false: the built-in table of us-east-1.
   */
  livePrices?: boolean;
  /** Set by the resource: the prices that `livePrices` read. */
  prices?: LivePrices;
  /** Set by the resource: paths of the inputs that are secrets, so that nothing shown or stored has them as plain text. */
  secretInputs?: string[][];
}

/** Shorthands that `check` turns into fields of the request. */
export interface Shorthands {
  /** Short for `algorithmSpecification.metricDefinitions`. The last one is watched: the job's row begins with it. */
  metricDefinitions?: MetricDefinition[];
  /** Short for `stoppingCondition.maxRuntimeInSeconds`: how long the training may run, 1 second to 28 days. */
  maxRun?: Duration;
  /** Short for `stoppingCondition.maxPendingTimeInSeconds`: how long the job may stay pending, 30 minutes to 28 days. */
  maxPending?: Duration;
  /** Managed spot training: sets `enableManagedSpotTraining` and `stoppingCondition.maxWaitTimeInSeconds`. */
  spot?: SpotArgs;
  /** Short for `resourceConfig.keepAlivePeriodInSeconds`. */
  warmPool?: WarmPoolArgs;
}

/** Every input of the resource, as plain values. */
export interface TrainingJobInputs extends ApiInputs, OwnInputs, Shorthands {}

/** The inputs after `check`: shorthands resolved, defaults filled in. At preview any value may be the unknown sentinel. */
export interface CanonicalInputs extends ApiInputs, OwnInputs {
  /** Present exactly when spot is on. */
  spot?: { fallback: "none" | "on-demand"; capacityRetries: number };
}

type Scalar = string | number | boolean | null | undefined;

/** A type whose every part, however deep, may be an output of another resource. */
export type DeepInput<T> = pulumi.Input<
  [T] extends [Scalar]
    ? T
    : T extends (infer U)[]
      ? DeepInput<U>[]
      : T extends Scalar
        ? T
        : { [K in keyof T]: DeepInput<T[K]> }
>;

/** The arguments of a TrainingJob. Property names and nesting are those of CreateTrainingJob, in camelCase. */
export type TrainingJobArgs = {
  [K in keyof TrainingJobInputs]: DeepInput<TrainingJobInputs[K]>;
} & {
  /** The bucket of the stack's own that a destroy keeps, to be found again: an ArtifactStore's `mark`. Default: none. */
  storeMark?: pulumi.Input<StoreMark>;
};
