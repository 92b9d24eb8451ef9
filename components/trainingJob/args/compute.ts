// The parts of the inputs that say what runs, on which machines and for how long.
// Limits are those of CreateTrainingJob in botocore's model unless another source is named.

/** How data reaches the container: copied before the start, streamed as files, or streamed through a pipe. */
export type TrainingInputMode = "File" | "FastFile" | "Pipe";

/** A figure that SageMaker reads out of the log and publishes to CloudWatch. */
export interface MetricDefinition {
  /** Name of the metric, 1 to 255 characters, each name once. */
  name: string;
  /**
   * Regular expression whose first capturing group holds the number, 1 to 500 characters. Spellings of Java and Python are read too
   * (`(?P<name>...)`, `(?i)` in front, `++`, `(?>...)`); what only SageMaker can read warns.
   */
  regex: string;
}

/** Access to an image outside Amazon ECR. */
export interface TrainingImageConfig {
  /** "Platform" for Amazon ECR (default), "Vpc" for a private registry inside the VPC of `vpcConfig`. */
  trainingRepositoryAccessMode: "Platform" | "Vpc";
  /** Credentials of the private registry; only with "Vpc". */
  trainingRepositoryAuthConfig?: {
    /** ARN of the Lambda function that hands out the registry's credentials, 1 to 2048 characters. */
    trainingRepositoryCredentialsProviderArn: string;
  };
}

/** What runs: an image, or an algorithm resource. */
export interface AlgorithmSpecification {
  /** Registry path of the image, `registry/repository[:tag|@digest]`, at most 255 characters. Excludes `algorithmName`. */
  trainingImage?: string;
  /**
   * Name or ARN of an algorithm resource or Marketplace subscription, at most 170 characters. Excludes `trainingImage`. One of another
   * account needs `enableNetworkIsolation`.
   */
  algorithmName?: string;
  /** How data reaches the container unless the channel says otherwise. Default "File". */
  trainingInputMode?: TrainingInputMode;
  /** Figures to read out of the log, at most 40. */
  metricDefinitions?: MetricDefinition[];
  /** Store metrics as a time series. Default: SageMaker's own choice, true as soon as a metric is defined. */
  enableSageMakerMetricsTimeSeries?: boolean;
  /** Entrypoint of the container, 1 to 100 parts of at most 256 characters. Default: the image's own. */
  containerEntrypoint?: string[];
  /** Arguments of the entrypoint, 1 to 100 parts of at most 256 characters. */
  containerArguments?: string[];
  /** Needed only for an image outside Amazon ECR. */
  trainingImageConfig?: TrainingImageConfig;
}

/** One group of equal machines in a heterogeneous cluster. */
export interface InstanceGroup {
  /** Machine type, such as "ml.g5.xlarge". */
  instanceType: string;
  /** Number of machines, at least 1. */
  instanceCount: number;
  /** Name of the group, 1 to 64 characters, each name once; channels refer to it. */
  instanceGroupName: string;
}

/** One of several acceptable machine types, in order of preference. */
export interface InstancePreference {
  /** Machine type, each at most once in the list. */
  instanceType: string;
  /** Number of machines if this type is chosen; on all preferences or on none (then `resourceConfig.instanceCount`). */
  instanceCount?: number;
  /** At most one training plan whose capacity is used for this type. Excludes `resourceConfig.trainingPlanArn`. */
  trainingPlanArns?: string[];
}

/** Placement on UltraServers; only for UltraServer capacity. */
export interface InstancePlacementConfig {
  /** Whether other jobs may share the UltraServer. Default false. */
  enableMultipleJobs?: boolean;
  /** Machines to be placed together, at most 10 entries. */
  placementSpecifications?: { ultraServerId?: string; instanceCount: number }[];
}

/** The machines. Exactly one of `instanceType`, `instanceGroups` and `instancePreferences`. */
export interface ResourceConfig {
  /** Machine type, such as "ml.g5.xlarge". */
  instanceType?: string;
  /** Number of machines, at least 1. Default 1. */
  instanceCount?: number;
  /** Storage per machine in GB, at least 0. Default 30. Without effect on types with local NVMe disks (ml.g5, ml.p4d, ...). */
  volumeSizeInGB?: number;
  /** KMS key (id or ARN) of the storage volume. Refused by SageMaker for types with local NVMe disks, which encrypt by themselves. */
  volumeKmsKeyId?: string;
  /**
   * Seconds the machines are kept warm, and billed, after the job, 0 to 3600 (developer guide; botocore's model says
   * 21600). Not with spot nor with instance groups. `warmPool.keepAlive` is the same with a readable duration.
   */
  keepAlivePeriodInSeconds?: number;
  /** A cluster of different machine types, at most 5 groups. Excludes `instanceType` and `instanceCount`. */
  instanceGroups?: InstanceGroup[];
  /** ARN of a training plan whose reserved capacity is used. Not with spot. */
  trainingPlanArn?: string;
  /** Placement on UltraServers. Warned of on types that are not known to have them. */
  instancePlacementConfig?: InstancePlacementConfig;
  /** Acceptable machine types, best first, 1 to 5. Not with spot, instance groups or placement. */
  instancePreferences?: InstancePreference[];
}

/** How long the job may take. */
export interface StoppingCondition {
  /** Seconds the training may run, 1 to 2419200 (28 days). Default 86400 (1 day). `maxRun` is the same with a readable duration. */
  maxRuntimeInSeconds?: number;
  /** Seconds that waiting for spot capacity and running may take together; at least `maxRuntimeInSeconds`. Only with spot or `retryStrategy`, with which it holds for all retries together. At most 3600 for built-in algorithms that do not checkpoint (developer guide). */
  maxWaitTimeInSeconds?: number;
  /** Seconds the job may stay pending, 1800 to 2419200. Takes effect on accelerated machine types only. */
  maxPendingTimeInSeconds?: number;
}

/** Retries after an InternalServerError of SageMaker, within the same job. */
export interface RetryStrategy {
  /** Number of retries, 1 to 30. `maxRuntimeInSeconds` covers all of them together. */
  maximumRetryAttempts: number;
}

/** The network of the containers. */
export interface VpcConfig {
  /** 1 to 5 security groups of that VPC. */
  securityGroupIds: string[];
  /** 1 to 16 subnets. */
  subnets: string[];
}

/**
 * A serverless customisation of a foundation model, in place of an algorithm and machines. Excludes spot, environment, retries,
 * checkpoints, Debugger, profiler, TensorBoard, experiments and script mode.
 */
export interface ServerlessJobConfig {
  /** ARN of the base model in the SageMaker public hub. */
  baseModelArn: string;
  /** Agreement to the model's licence; must be true for models that require it. */
  acceptEula?: boolean;
  /** Kind of the job. "Evaluation" is refused: it leaves no model artifact, for which this resource waits. */
  jobType: "FineTuning" | "Evaluation";
  /** How a model is fine-tuned. */
  customizationTechnique?: "SFT" | "DPO" | "RLVR" | "RLAIF";
  /** Parameter-efficient fine-tuning. */
  peft?: "LORA";
  /** Kind of evaluation, of a job of type "Evaluation". */
  evaluationType?: "LLMAJEvaluation" | "CustomScorerEvaluation" | "BenchmarkEvaluation";
  /** ARN of the evaluator: a reward function or prompt. */
  evaluatorArn?: string;
  /** Longest sequence in tokens, "1K" to "1024K". */
  sequenceLength?: string;
}
