import { OWNER_TAGS } from "../../../components/trainingJob/identity";
import { fileChannel, type Inputs, mapOf, SCRIPT, s3Channel, times, UNKNOWN, VPC } from "./baseInputs";

/** What is allowed, and the change that makes it so. */
export type ValidCase = [title: string, change: Inputs];

const image = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4.0-gpu-py311";
const metric = { name: "loss", regex: "loss=([0-9.]+)" };
const cpu = { instanceType: "ml.c5.xlarge", instanceCount: 2, instanceGroupName: "cpu" };
const gpu = { instanceType: "ml.g5.xlarge", instanceCount: 1, instanceGroupName: "gpu" };
const rule = { ruleConfigurationName: "rule", ruleEvaluatorImage: image };
const plan = "arn:aws:sagemaker:us-east-1:111122223333:training-plan/p-1";
const model = "arn:aws:sagemaker:us-east-1:aws:hub-content/PublicHub/Model/llama/1.0.0";
const serverless = { algorithmSpecification: undefined, resourceConfig: undefined };
const algorithm = (more: Inputs) => ({ algorithmSpecification: { trainingImage: image, ...more } });
const regex = (source: string) => ({ metricDefinitions: [{ name: "loss", regex: source }] });

/** Inputs at and inside the limits. The limits of single fields are generated from the API's model. */
export const validInputs: ValidCase[] = [
  ["the base", {}],
  ["nothing optional", { baseJobName: undefined }],

  [
    "an image by digest",
    {
      algorithmSpecification: {
        trainingImage: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/mine@sha256:${"a".repeat(64)}`,
      },
    },
  ],
  [
    "an image without a tag",
    { algorithmSpecification: { trainingImage: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/mine" } },
  ],
  [
    "an image in a private registry",
    {
      vpcConfig: VPC,
      algorithmSpecification: {
        trainingImage: "registry.example.com:5000/team/mine:1",
        trainingImageConfig: { trainingRepositoryAccessMode: "Vpc" },
      },
    },
  ],
  ["an algorithm by name", { algorithmSpecification: { algorithmName: "mine" } }],
  [
    "an algorithm by ARN",
    { algorithmSpecification: { algorithmName: "arn:aws:sagemaker:us-east-1:111122223333:algorithm/mine" } },
  ],
  [
    "an entrypoint of one's own",
    algorithm({ containerEntrypoint: ["python"], containerArguments: ["-m", "train"] }),
  ],
  ["40 metrics", { metricDefinitions: times(40, (index) => ({ ...metric, name: `m${index}` })) }],
  ["metrics in the long form", algorithm({ metricDefinitions: [metric] })],
  [
    "the same metrics in both forms",
    { ...algorithm({ metricDefinitions: [metric] }), metricDefinitions: [metric] },
  ],
  ["no metrics", { metricDefinitions: [] }],
  ["a metric with a named group", regex("loss=(?P<value>[0-9.]+)")],
  ["a metric with flags", regex("(?i)loss=([0-9.]+)")],
  ["a metric with a possessive quantifier", regex("loss=([0-9.]++)")],
  ["a metric with alternatives", regex("loss=(?:a|b)([0-9.]+)|lost=([0-9]+)")],
  ["a metric with escaped parentheses", regex("loss\\(val\\)=([0-9.eE+-]+)")],

  ["one of the newest machine types", { resourceConfig: { instanceType: "ml.p6-b200.48xlarge" } }],
  ["two machines", { resourceConfig: { instanceType: "ml.g5.12xlarge", instanceCount: 2 } }],
  ["two groups", { resourceConfig: { instanceGroups: [cpu, gpu] } }],
  [
    "data for one of two groups",
    {
      resourceConfig: { instanceGroups: [cpu, gpu] },
      inputDataConfig: [s3Channel({}, { instanceGroupNames: ["gpu"] })],
    },
  ],
  [
    "preferences with one count",
    {
      resourceConfig: {
        instanceCount: 2,
        instancePreferences: [{ instanceType: "ml.g5.xlarge" }, { instanceType: "ml.g6.xlarge" }],
      },
    },
  ],
  [
    "preferences with a count each",
    {
      resourceConfig: {
        instancePreferences: [
          { instanceType: "ml.g5.xlarge", instanceCount: 4 },
          { instanceType: "ml.g5.12xlarge", instanceCount: 1 },
        ],
      },
    },
  ],
  [
    "preferences without a count",
    { resourceConfig: { instancePreferences: [{ instanceType: "ml.g5.xlarge" }] } },
  ],
  [
    "a preference with a plan",
    {
      resourceConfig: { instancePreferences: [{ instanceType: "ml.p5.48xlarge", trainingPlanArns: [plan] }] },
    },
  ],
  ["a training plan", { resourceConfig: { instanceType: "ml.p5.48xlarge", trainingPlanArn: plan } }],
  [
    "UltraServers",
    {
      resourceConfig: {
        instanceType: "ml.p6e-gb200.36xlarge",
        instancePlacementConfig: {
          enableMultipleJobs: true,
          placementSpecifications: [{ ultraServerId: "us1", instanceCount: 2 }],
        },
      },
    },
  ],
  [
    "a volume key without local disks",
    {
      resourceConfig: {
        instanceType: "ml.p3.2xlarge",
        volumeKmsKeyId: "arn:aws:kms:us-east-1:111122223333:key/1234",
      },
    },
  ],
  [
    "a volume size with local disks",
    { resourceConfig: { instanceType: "ml.g5.xlarge", volumeSizeInGB: 500 } },
  ],

  ["28 days", { maxRun: "28d" }],
  ["one second", { maxRun: 1 }],
  ["a composed duration", { maxRun: "1h 30m" }],
  ["seconds as text", { maxRun: "3600" }],
  ["the same run time in both forms", { maxRun: "1h", stoppingCondition: { maxRuntimeInSeconds: 3600 } }],
  ["30 minutes of pending", { maxPending: "30m" }],
  ["spot", { maxRun: "1h", spot: { maxWait: "1h" } }],
  [
    "spot with everything",
    { maxRun: "1h", spot: { maxWait: "2h", fallback: "on-demand", capacityRetries: 0 } },
  ],
  [
    "spot in the long form",
    {
      enableManagedSpotTraining: true,
      stoppingCondition: { maxRuntimeInSeconds: 60, maxWaitTimeInSeconds: 60 },
    },
  ],
  [
    "spot with checkpoints of one's own",
    {
      spot: { maxWait: "1d" },
      checkpointConfig: { s3Uri: "s3://artifacts/checkpoints/{job}", localPath: "/opt/ml/mine" },
    },
  ],
  ["no spot, said so", { enableManagedSpotTraining: false }],
  ["a warm pool of an hour", { warmPool: { keepAlive: "1h" } }],
  ["a warm pool of nothing with spot", { spot: { maxWait: "1d" }, warmPool: { keepAlive: 0 } }],
  ["retries", { retryStrategy: { maximumRetryAttempts: 30 } }],

  ["20 channels", { inputDataConfig: times(20, (index) => s3Channel({ channelName: `c-${index}.x_y` })) }],
  [
    "an augmented manifest",
    {
      inputDataConfig: [
        s3Channel(
          { inputMode: "Pipe", recordWrapperType: "RecordIO", shuffleConfig: { seed: -1 } },
          { s3DataType: "AugmentedManifestFile", attributeNames: ["source-ref"] },
        ),
      ],
    },
  ],
  [
    "an augmented manifest when the job's mode is Pipe",
    {
      ...algorithm({ trainingInputMode: "Pipe" }),
      inputDataConfig: [
        s3Channel({}, { s3DataType: "AugmentedManifestFile", attributeNames: ["source-ref"] }),
      ],
    },
  ],
  [
    "compression in Pipe mode",
    { inputDataConfig: [s3Channel({ inputMode: "Pipe", compressionType: "Gzip" })] },
  ],
  [
    "a sharded manifest, streamed",
    {
      inputDataConfig: [
        s3Channel(
          { inputMode: "FastFile" },
          { s3DataType: "ManifestFile", s3DataDistributionType: "ShardedByS3Key" },
        ),
      ],
    },
  ],
  ["a fingerprint", { inputDataConfig: [s3Channel({ fingerprint: true })] }],
  ["FSx for Lustre", { vpcConfig: VPC, inputDataConfig: [fileChannel()] }],
  [
    "EFS, when the job's mode is Pipe",
    {
      ...algorithm({ trainingInputMode: "Pipe" }),
      vpcConfig: VPC,
      inputDataConfig: [
        fileChannel(
          { inputMode: "File" },
          { fileSystemType: "EFS", fileSystemId: "fs-01234567", directoryPath: "/" },
        ),
      ],
    },
  ],
  [
    "a data set of a hub",
    {
      inputDataConfig: [
        s3Channel({
          dataSource: {
            datasetSource: {
              datasetArn: "arn:aws:sagemaker:us-east-1:111122223333:hub-content/hub/DataSet/set/1.0.0",
            },
          },
        }),
      ],
    },
  ],
  [
    "an encrypted, unpacked artifact",
    {
      outputDataConfig: {
        s3OutputPath: "s3://artifacts",
        kmsKeyId: "alias/training",
        compressionType: "NONE",
      },
    },
  ],
  [
    "a role with a path",
    { roleArn: "arn:aws-us-gov:iam::111122223333:role/service-role/Training+x=1,2.3@4-5_6" },
  ],
  [
    "a closed VPC",
    { vpcConfig: VPC, enableNetworkIsolation: true, enableInterContainerTrafficEncryption: true },
  ],

  ["a script", SCRIPT],
  ["a script in a sub-folder", { ...SCRIPT, entryPoint: "src/train.py" }],
  ["a shell script", { ...SCRIPT, entryPoint: "train.sh", distribution: "none" }],
  ["torchrun", { ...SCRIPT, distribution: "torchDistributed" }],
  [
    "the tutorial's pytorchddp on two machines",
    {
      ...SCRIPT,
      distribution: "pytorchddp",
      resourceConfig: { instanceType: "ml.g5.12xlarge", instanceCount: 2 },
    },
  ],
  [
    "torchrun on one group",
    { ...SCRIPT, distribution: "torchDistributed", resourceConfig: { instanceGroups: [gpu] } },
  ],
  ["95 hyperparameters and script mode's five", { ...SCRIPT, hyperparameters: mapOf(95) }],
  ["100 hyperparameters", { hyperparameters: mapOf(100, 1) }],
  [
    "hyperparameters of every kind",
    {
      ...SCRIPT,
      hyperparameters: {
        lr: 1e-5,
        amp: true,
        name: "a\nb",
        none: null,
        grid: [1, { a: 2 }],
        "batch-size": 32,
      },
    },
  ],
  [
    "a hyperparameter of 2498 characters and quotes",
    { ...SCRIPT, hyperparameters: { text: "x".repeat(2498) } },
  ],
  ["a hyperparameter of 2500 characters", { hyperparameters: { text: "x".repeat(2500) } }],
  ["a log level", { ...SCRIPT, hyperparameters: { sagemaker_container_log_level: 10 } }],
  ["script mode by hand", { hyperparameters: { sagemaker_program: '"train.py"' } }],
  ["a channel named code with network", { ...SCRIPT, inputDataConfig: [s3Channel({ channelName: "code" })] }],
  ["a script without network", { ...SCRIPT, enableNetworkIsolation: true, inputDataConfig: [s3Channel()] }],

  ["100 variables", { environment: mapOf(100, "x".repeat(512)) }],
  ["a variable of several lines", { environment: { _TEXT: "a\nb" } }],
  ["as many tags as there is room for", { tags: mapOf(50 - OWNER_TAGS.length) }],
  ["a tag in another script", { tags: { équipe: "Ω 1_2.3:4/5=6+7-8@9" } }],
  ["no tags", { tags: {} }],

  [
    "Debugger",
    {
      debugHookConfig: {
        s3OutputPath: "s3://d/t",
        hookParameters: { save_interval: "100" },
        collectionConfigurations: [{ collectionName: "losses", collectionParameters: { save_config: "1" } }],
      },
      debugRuleConfigurations: [rule],
    },
  ],
  [
    "the profiler",
    {
      profilerConfig: {
        s3OutputPath: "s3://d/p",
        profilingIntervalInMilliseconds: 60_000,
        profilingParameters: { DetailedProfilingConfig: "{}" },
      },
      profilerRuleConfigurations: [rule],
    },
  ],
  ["the profiler off", { profilerConfig: { disableProfiler: true } }],
  [
    "TensorBoard",
    { tensorBoardOutputConfig: { s3OutputPath: "s3://d/tb", localPath: "/opt/ml/output/tensorboard" } },
  ],
  [
    "an experiment",
    {
      experimentConfig: {
        experimentName: "retina",
        trialName: "t",
        trialComponentDisplayName: "c",
        runName: "r",
      },
    },
  ],
  [
    "MLflow",
    {
      mlflowConfig: {
        mlflowResourceArn: "arn:aws:sagemaker:us-east-1:111122223333:mlflow-tracking-server/m",
        mlflowExperimentName: "e",
        mlflowRunName: "r",
      },
    },
  ],
  [
    "a model package",
    {
      modelPackageConfig: {
        modelPackageGroupArn: "arn:aws:sagemaker:us-east-1:111122223333:model-package-group/g",
      },
    },
  ],
  [
    "remote debugging, health check, session tags",
    {
      remoteDebugConfig: { enableRemoteDebug: true },
      infraCheckConfig: { enableInfraCheck: true },
      sessionChainingConfig: { enableSessionTagChaining: true },
    },
  ],
  [
    "a serverless fine-tuning",
    {
      ...serverless,
      serverlessJobConfig: {
        baseModelArn: model,
        jobType: "FineTuning",
        acceptEula: true,
        customizationTechnique: "SFT",
        peft: "LORA",
        sequenceLength: "32K",
      },
    },
  ],
  [
    "a serverless evaluation",
    {
      ...serverless,
      serverlessJobConfig: {
        baseModelArn: model,
        jobType: "Evaluation",
        evaluationType: "BenchmarkEvaluation",
      },
    },
  ],

  [
    "all of its own",
    {
      baseJobName: "r".repeat(63),
      runId: "second try",
      adopt: "retina-1a2b3c4d",
      onCancel: "stop",
      deletePolicy: "delete",
    },
  ],
  [
    "what the resource adds",
    {
      logUrn: "urn:pulumi:x",
      project: "p",
      stack: "s",
      region: "us-east-1",
      sourceFiles: { "train.py": "1a2b" },
      dataFingerprints: { train: "3c4d" },
      __provider: "code",
    },
  ],
  [
    "empty values",
    {
      environment: null,
      checkpointConfig: undefined,
      resourceConfig: { instanceType: "ml.g5.xlarge", volumeKmsKeyId: null },
    },
  ],

  // Not known yet.
  ["an unknown role", { roleArn: UNKNOWN }],
  ["an unknown image", { algorithmSpecification: { trainingImage: UNKNOWN } }],
  ["an unknown algorithm", { algorithmSpecification: UNKNOWN, metricDefinitions: [metric] }],
  ["unknown machines", { resourceConfig: UNKNOWN, warmPool: { keepAlive: "1h" } }],
  [
    "an unknown machine type with a volume key",
    { resourceConfig: { instanceType: UNKNOWN, instanceCount: UNKNOWN, volumeKmsKeyId: UNKNOWN } },
  ],
  [
    "unknown groups",
    {
      resourceConfig: { instanceGroups: UNKNOWN },
      inputDataConfig: [s3Channel({}, { instanceGroupNames: ["gpu"] })],
    },
  ],
  ["unknown channels", { inputDataConfig: UNKNOWN }],
  ["an unknown channel", { inputDataConfig: [UNKNOWN, s3Channel()] }],
  [
    "an unknown data source",
    { inputDataConfig: [s3Channel({ dataSource: UNKNOWN, compressionType: "Gzip", inputMode: UNKNOWN })] },
  ],
  ["unknown output and spot", { outputDataConfig: UNKNOWN, spot: { maxWait: UNKNOWN } }],
  [
    "an unknown output path and spot",
    { outputDataConfig: { s3OutputPath: UNKNOWN }, spot: UNKNOWN, maxRun: UNKNOWN, warmPool: UNKNOWN },
  ],
  [
    "an unknown spot switch with a wait",
    { enableManagedSpotTraining: UNKNOWN, stoppingCondition: { maxWaitTimeInSeconds: 90_000 } },
  ],
  ["an unknown source and script", { sourceUri: UNKNOWN, entryPoint: UNKNOWN, distribution: UNKNOWN }],
  ["unknown hyperparameters", { ...SCRIPT, hyperparameters: UNKNOWN, environment: UNKNOWN, tags: UNKNOWN }],
  [
    "an unknown hyperparameter",
    {
      ...SCRIPT,
      hyperparameters: { lr: UNKNOWN, grid: [UNKNOWN] },
      environment: { A: UNKNOWN },
      tags: { a: UNKNOWN },
    },
  ],
  ["an unknown VPC with a file system", { vpcConfig: UNKNOWN, inputDataConfig: [fileChannel()] }],
  [
    "everything unknown",
    {
      roleArn: UNKNOWN,
      algorithmSpecification: UNKNOWN,
      outputDataConfig: UNKNOWN,
      resourceConfig: UNKNOWN,
      stoppingCondition: UNKNOWN,
      spot: UNKNOWN,
      serverlessJobConfig: undefined,
      vpcConfig: UNKNOWN,
      checkpointConfig: UNKNOWN,
    },
  ],
];
