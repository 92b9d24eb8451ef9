// The parts of the inputs that watch the training: Debugger, profiler, TensorBoard, experiments, MLflow.
// Limits are those of CreateTrainingJob in botocore's model unless another source is named.

/** A tensor collection that SageMaker Debugger saves. */
export interface CollectionConfiguration {
  /** Name, 1 to 256 characters, each once. */
  collectionName?: string;
  /** At most 20, such as include_regex, save_interval, train.save_interval, start_step, reductions (developer guide, Debugger). */
  collectionParameters?: Record<string, string>;
}

/** What SageMaker Debugger saves, and where. */
export interface DebugHookConfig {
  /** Prefix in S3 for metrics and tensors. */
  s3OutputPath: string;
  /** Directory in the container. Default /opt/ml/output/tensors/. */
  localPath?: string;
  /** At most 20 parameters of the hook. */
  hookParameters?: Record<string, string>;
  /** At most 20 tensor collections. */
  collectionConfigurations?: CollectionConfiguration[];
}

/** A rule that SageMaker evaluates while the training runs; for Debugger and for the profiler. */
export interface RuleConfiguration {
  /** Name, 1 to 256 characters, unique among the job's rules. */
  ruleConfigurationName: string;
  /** Image that evaluates the rule, at most 255 characters. */
  ruleEvaluatorImage: string;
  /** Prefix in S3 for the rule's output. */
  s3OutputPath?: string;
  /** Directory in the container. Default /opt/ml/processing/output/rule/. */
  localPath?: string;
  /** Processing machine of a custom rule. */
  instanceType?: string;
  /** Storage of that machine in GB. */
  volumeSizeInGB?: number;
  /** At most 100 parameters. */
  ruleParameters?: Record<string, string>;
}

/** System monitoring and framework profiling. */
export interface ProfilerConfig {
  /** Prefix in S3 for the measurements. */
  s3OutputPath?: string;
  /** Milliseconds between two measurements: 100, 200, 500 (default), 1000, 5000 or 60000 (API reference); others warn. */
  profilingIntervalInMilliseconds?: number;
  /** At most 20 of DetailedProfilingConfig, PythonProfilingConfig, DataLoaderProfilingConfig, ... */
  profilingParameters?: Record<string, string>;
  /** Turn monitoring off. Default false. */
  disableProfiler?: boolean;
}

/** Where TensorBoard data goes. */
export interface TensorBoardOutputConfig {
  /** Prefix in S3. */
  s3OutputPath: string;
  /** Directory in the container. Default /opt/ml/output/tensorboard. */
  localPath?: string;
}

/** Ties the job to a SageMaker experiment. Names: letters, digits and inner hyphens, 1 to 120 characters. */
export interface ExperimentConfig {
  /** An existing experiment. */
  experimentName?: string;
  /** An existing trial; a new one when absent. */
  trialName?: string;
  /** Shown name of the trial component. Default: the component's name. */
  trialComponentDisplayName?: string;
  /** An experiment run. */
  runName?: string;
}

/** SageMaker managed MLflow. */
export interface MlflowConfig {
  /** ARN of the MLflow tracking server or app. */
  mlflowResourceArn: string;
  /** 1 to 256 characters. */
  mlflowExperimentName?: string;
  /** 1 to 256 characters. */
  mlflowRunName?: string;
}

/** Registers the result in the model registry. Only with `serverlessJobConfig`. */
export interface ModelPackageConfig {
  /** Model package group of the result. */
  modelPackageGroupArn: string;
  /** Model package that a continued fine-tuning or evaluation starts from. */
  sourceModelPackageArn?: string;
}
