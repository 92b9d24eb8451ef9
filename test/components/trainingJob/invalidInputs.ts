import { OWNER_TAGS } from "../../../components/trainingJob/identity";
import { fileChannel, type Inputs, mapOf, SCRIPT, s3Channel, times, VPC } from "./baseInputs";

/** What is wrong, the change that makes it so, and the properties that must be refused. */
export type InvalidCase = [title: string, change: Inputs, ...properties: string[]];

const image = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4.0-gpu-py311";
const metric = { name: "loss", regex: "loss=([0-9.]+)" };
const group = { instanceType: "ml.c5.xlarge", instanceCount: 1, instanceGroupName: "cpu" };
const gpuGroup = { instanceType: "ml.g5.xlarge", instanceCount: 1, instanceGroupName: "gpu" };
const rule = { ruleConfigurationName: "rule", ruleEvaluatorImage: image };
const plan = "arn:aws:sagemaker:us-east-1:111122223333:training-plan/p-1";
const model = "arn:aws:sagemaker:us-east-1:aws:hub-content/PublicHub/Model/llama/1.0.0";
const serverless = { algorithmSpecification: undefined, resourceConfig: undefined };
const algorithm = (more: Inputs) => ({ algorithmSpecification: { trainingImage: image, ...more } });
const resources = (more: Inputs) => ({ resourceConfig: { instanceType: "ml.c5.xlarge", ...more } });

/** Mistakes across properties, and in the resource's own ones. The API's own limits are generated from its model. */
export const invalidInputs: InvalidCase[] = [
  // What runs.
  ["no algorithm", { algorithmSpecification: undefined }, "algorithmSpecification"],
  ["neither image nor algorithm", { algorithmSpecification: {} }, "algorithmSpecification.trainingImage"],
  ["image and algorithm", algorithm({ algorithmName: "mine" }), "algorithmSpecification.algorithmName"],
  [
    "an image with a scheme",
    { algorithmSpecification: { trainingImage: `https://${image}` } },
    "algorithmSpecification.trainingImage",
  ],
  [
    "an image without a registry",
    { algorithmSpecification: { trainingImage: "pytorch:2.4.0" } },
    "algorithmSpecification.trainingImage",
  ],
  [
    "an image with a blank",
    { algorithmSpecification: { trainingImage: `${image} ` } },
    "algorithmSpecification.trainingImage",
  ],
  [
    "a private registry without VPC",
    algorithm({ trainingImageConfig: { trainingRepositoryAccessMode: "Vpc" } }),
    "vpcConfig",
  ],
  [
    "credentials for Amazon ECR",
    algorithm({
      trainingImageConfig: {
        trainingRepositoryAccessMode: "Platform",
        trainingRepositoryAuthConfig: {
          trainingRepositoryCredentialsProviderArn: "arn:aws:lambda:us-east-1:111122223333:function:login",
        },
      },
    }),
    "algorithmSpecification.trainingImageConfig.trainingRepositoryAuthConfig",
  ],
  ["a metric twice", { metricDefinitions: [metric, metric] }, "metricDefinitions[1].name"],
  [
    "a metric that captures nothing",
    { metricDefinitions: [{ ...metric, regex: "loss=[0-9.]+" }] },
    "metricDefinitions[0].regex",
  ],
  [
    "a metric with a group that captures nothing",
    { metricDefinitions: [{ ...metric, regex: "(?:loss)=.*" }] },
    "metricDefinitions[0].regex",
  ],
  [
    "a metric that is no expression",
    { metricDefinitions: [{ ...metric, regex: "loss=([0-9.]+" }] },
    "metricDefinitions[0].regex",
  ],
  [
    "41 metrics",
    { metricDefinitions: times(41, (index) => ({ ...metric, name: `m${index}` })) },
    "metricDefinitions",
  ],
  [
    "metrics in two places",
    { ...algorithm({ metricDefinitions: [metric] }), metricDefinitions: [{ ...metric, name: "b" }] },
    "metricDefinitions",
  ],
  ["metrics that are a map", { metricDefinitions: { loss: "loss=(.*)" } }, "metricDefinitions"],

  // Machines.
  ["no machines", { resourceConfig: undefined }, "resourceConfig"],
  ["no machine type", { resourceConfig: {} }, "resourceConfig.instanceType"],
  [
    "a machine type that does not exist",
    { resourceConfig: { instanceType: "ml.g5.13xlarge" } },
    "resourceConfig.instanceType",
  ],
  ["an EC2 type", { resourceConfig: { instanceType: "g5.xlarge" } }, "resourceConfig.instanceType"],
  ["type and groups", resources({ instanceGroups: [group] }), "resourceConfig.instanceGroups"],
  [
    "type and preferences",
    resources({ instancePreferences: [{ instanceType: "ml.g5.xlarge" }] }),
    "resourceConfig.instancePreferences",
  ],
  [
    "groups and preferences",
    { resourceConfig: { instanceGroups: [group], instancePreferences: [{ instanceType: "ml.g5.xlarge" }] } },
    "resourceConfig.instancePreferences",
  ],
  [
    "count with groups",
    { resourceConfig: { instanceGroups: [group], instanceCount: 2 } },
    "resourceConfig.instanceCount",
  ],
  [
    "a group twice",
    { resourceConfig: { instanceGroups: [group, group] } },
    "resourceConfig.instanceGroups[1].instanceGroupName",
  ],
  [
    "a group without machines",
    { resourceConfig: { instanceGroups: [{ ...group, instanceCount: 0 }] } },
    "resourceConfig.instanceGroups[0].instanceCount",
  ],
  ["no machine", resources({ instanceCount: 0 }), "resourceConfig.instanceCount"],
  ["half a machine", resources({ instanceCount: 1.5 }), "resourceConfig.instanceCount"],
  ["a count as text", resources({ instanceCount: "2" }), "resourceConfig.instanceCount"],
  ["no storage", resources({ volumeSizeInGB: 0 }), "resourceConfig.volumeSizeInGB"],
  [
    "a read-only answer",
    resources({ selectedInstanceType: "ml.g5.xlarge" }),
    "resourceConfig.selectedInstanceType",
  ],
  [
    "a preference twice",
    {
      resourceConfig: {
        instancePreferences: [{ instanceType: "ml.g5.xlarge" }, { instanceType: "ml.g5.xlarge" }],
      },
    },
    "resourceConfig.instancePreferences[1].instanceType",
  ],
  [
    "counts on some preferences",
    {
      resourceConfig: {
        instancePreferences: [
          { instanceType: "ml.g5.xlarge", instanceCount: 1 },
          { instanceType: "ml.g6.xlarge" },
        ],
      },
    },
    "resourceConfig.instancePreferences[1].instanceCount",
  ],
  [
    "counts in both places",
    {
      resourceConfig: {
        instanceCount: 1,
        instancePreferences: [{ instanceType: "ml.g5.xlarge", instanceCount: 1 }],
      },
    },
    "resourceConfig.instanceCount",
  ],
  [
    "preferences with spot",
    { resourceConfig: { instancePreferences: [{ instanceType: "ml.g5.xlarge" }] }, spot: { maxWait: "2d" } },
    "resourceConfig.instancePreferences",
  ],
  [
    "preferences with placement",
    {
      resourceConfig: {
        instancePreferences: [{ instanceType: "ml.g5.xlarge" }],
        instancePlacementConfig: {},
      },
    },
    "resourceConfig.instancePlacementConfig",
  ],
  [
    "plans in both places",
    {
      resourceConfig: {
        instancePreferences: [{ instanceType: "ml.g5.xlarge", trainingPlanArns: [plan] }],
        trainingPlanArn: plan,
      },
    },
    "resourceConfig.instancePreferences[0].trainingPlanArns",
  ],
  [
    "a volume key with NVMe disks",
    { resourceConfig: { instanceType: "ml.g5.xlarge", volumeKmsKeyId: "1234abcd" } },
    "resourceConfig.volumeKmsKeyId",
  ],
  [
    "a volume key with a p4d",
    { resourceConfig: { instanceType: "ml.p4d.24xlarge", volumeKmsKeyId: "1234abcd" } },
    "resourceConfig.volumeKmsKeyId",
  ],
  [
    "a volume key with an r5d",
    { resourceConfig: { instanceType: "ml.r5d.large", volumeKmsKeyId: "1234abcd" } },
    "resourceConfig.volumeKmsKeyId",
  ],
  [
    "a volume key with a trn1",
    { resourceConfig: { instanceType: "ml.trn1.2xlarge", volumeKmsKeyId: "1234abcd" } },
    "resourceConfig.volumeKmsKeyId",
  ],
  [
    "a volume key with NVMe disks in a group",
    { resourceConfig: { instanceGroups: [group, gpuGroup], volumeKmsKeyId: "1234abcd" } },
    "resourceConfig.volumeKmsKeyId",
  ],

  // Times, spot, warm pool.
  ["no run time", { maxRun: 0 }, "maxRun"],
  ["a run time over 28 days", { maxRun: "29d" }, "maxRun"],
  [
    "a run time over 28 days, long form",
    { stoppingCondition: { maxRuntimeInSeconds: 2_419_201 } },
    "stoppingCondition.maxRuntimeInSeconds",
  ],
  ["a run time that is no duration", { maxRun: "soon" }, "maxRun"],
  ["a run time with an unknown unit", { maxRun: "2w" }, "maxRun"],
  ["a negative run time", { maxRun: -1 }, "maxRun"],
  ["a fractional run time", { maxRun: 0.5 }, "maxRun"],
  ["a run time in two places", { maxRun: "1h", stoppingCondition: { maxRuntimeInSeconds: 60 } }, "maxRun"],
  ["29 minutes of pending", { maxPending: "29m" }, "maxPending"],
  ["29 days of pending", { maxPending: "29d" }, "maxPending"],
  [
    "a wait without spot",
    { stoppingCondition: { maxWaitTimeInSeconds: 90_000 } },
    "stoppingCondition.maxWaitTimeInSeconds",
  ],
  ["spot without a wait", { spot: {} }, "spot.maxWait"],
  ["spot without a wait, long form", { enableManagedSpotTraining: true }, "spot.maxWait"],
  ["a wait below the run time", { maxRun: "2h", spot: { maxWait: "1h" } }, "spot.maxWait"],
  ["a wait below the default run time", { spot: { maxWait: "23h" } }, "spot.maxWait"],
  ["a wait that is no duration", { spot: { maxWait: "long" } }, "spot.maxWait"],
  ["spot set and unset", { spot: { maxWait: "2d" }, enableManagedSpotTraining: false }, "spot"],
  ["spot as a switch", { spot: true }, "spot"],
  ["an unknown fallback", { spot: { maxWait: "2d", fallback: "ondemand" } }, "spot.fallback"],
  ["too many capacity retries", { spot: { maxWait: "2d", capacityRetries: 11 } }, "spot.capacityRetries"],
  ["a typo in spot", { spot: { maxwait: "2d" } }, "spot.maxwait", "spot.maxWait"],
  [
    "a warm pool with spot",
    { spot: { maxWait: "2d" }, warmPool: { keepAlive: "10m" } },
    "warmPool.keepAlive",
  ],
  [
    "a warm pool with groups",
    { resourceConfig: { instanceGroups: [group] }, warmPool: { keepAlive: "10m" } },
    "warmPool.keepAlive",
  ],
  ["a warm pool over an hour", { warmPool: { keepAlive: "61m" } }, "warmPool.keepAlive"],
  [
    "a warm pool over an hour, long form",
    resources({ keepAlivePeriodInSeconds: 3601 }),
    "resourceConfig.keepAlivePeriodInSeconds",
  ],
  ["a warm pool without a time", { warmPool: {} }, "warmPool.keepAlive"],
  ["a typo in the warm pool", { warmPool: { keepAlive: 60, keepalive: 60 } }, "warmPool.keepalive"],
  ["a warm pool as a number", { warmPool: 600 }, "warmPool"],
  ["no retry", { retryStrategy: { maximumRetryAttempts: 0 } }, "retryStrategy.maximumRetryAttempts"],

  // Data.
  ["no channel", { inputDataConfig: [] }, "inputDataConfig"],
  [
    "21 channels",
    { inputDataConfig: times(21, (index) => s3Channel({ channelName: `c${index}` })) },
    "inputDataConfig",
  ],
  [
    "a channel twice",
    { inputDataConfig: [s3Channel(), s3Channel({ channelName: "val" }), s3Channel()] },
    "inputDataConfig[2].channelName",
  ],
  [
    "a channel with a blank in its name",
    { inputDataConfig: [s3Channel({ channelName: "train set" })] },
    "inputDataConfig[0].channelName",
  ],
  [
    "a channel without data",
    { inputDataConfig: [s3Channel({ dataSource: {} })] },
    "inputDataConfig[0].dataSource",
  ],
  [
    "a channel with two sources",
    {
      vpcConfig: VPC,
      inputDataConfig: [
        s3Channel({
          dataSource: { ...(s3Channel().dataSource as Inputs), ...(fileChannel().dataSource as Inputs) },
        }),
      ],
    },
    "inputDataConfig[0].dataSource.fileSystemDataSource",
  ],
  [
    "data on a local disk",
    { inputDataConfig: [s3Channel({}, { s3Uri: "file:///data" })] },
    "inputDataConfig[0].dataSource.s3DataSource.s3Uri",
  ],
  [
    "an augmented manifest in File mode",
    {
      inputDataConfig: [
        s3Channel({}, { s3DataType: "AugmentedManifestFile", attributeNames: ["source-ref"] }),
      ],
    },
    "inputDataConfig[0].dataSource.s3DataSource.s3DataType",
  ],
  [
    "an augmented manifest in FastFile mode",
    {
      inputDataConfig: [
        s3Channel(
          { inputMode: "FastFile" },
          { s3DataType: "AugmentedManifestFile", attributeNames: ["source-ref"] },
        ),
      ],
    },
    "inputDataConfig[0].dataSource.s3DataSource.s3DataType",
  ],
  [
    "an augmented manifest without attributes",
    { inputDataConfig: [s3Channel({ inputMode: "Pipe" }, { s3DataType: "AugmentedManifestFile" })] },
    "inputDataConfig[0].dataSource.s3DataSource.attributeNames",
  ],
  [
    "attributes of a prefix",
    { inputDataConfig: [s3Channel({}, { attributeNames: ["source-ref"] })] },
    "inputDataConfig[0].dataSource.s3DataSource.attributeNames",
  ],
  [
    "compression in File mode",
    { inputDataConfig: [s3Channel({ compressionType: "Gzip" })] },
    "inputDataConfig[0].compressionType",
  ],
  [
    "compression when the job's mode is FastFile",
    {
      ...algorithm({ trainingInputMode: "FastFile" }),
      inputDataConfig: [s3Channel({ compressionType: "Gzip" })],
    },
    "inputDataConfig[0].compressionType",
  ],
  [
    "RecordIO in File mode",
    { inputDataConfig: [s3Channel({ recordWrapperType: "RecordIO" })] },
    "inputDataConfig[0].recordWrapperType",
  ],
  ["a file system without VPC", { inputDataConfig: [fileChannel()] }, "vpcConfig"],
  [
    "a file system in Pipe mode",
    { vpcConfig: VPC, inputDataConfig: [fileChannel({ inputMode: "Pipe" })] },
    "inputDataConfig[0].inputMode",
  ],
  [
    "a relative directory",
    { vpcConfig: VPC, inputDataConfig: [fileChannel({}, { directoryPath: "fsx/train" })] },
    "inputDataConfig[0].dataSource.fileSystemDataSource.directoryPath",
  ],
  [
    "a shuffled file system",
    { vpcConfig: VPC, inputDataConfig: [fileChannel({ shuffleConfig: { seed: 1 } })] },
    "inputDataConfig[0].shuffleConfig",
  ],
  [
    "a fingerprint of a file system",
    { vpcConfig: VPC, inputDataConfig: [fileChannel({ fingerprint: true })] },
    "inputDataConfig[0].fingerprint",
  ],
  [
    "a fingerprint that is no switch",
    { inputDataConfig: [s3Channel({ fingerprint: "yes" })] },
    "inputDataConfig[0].fingerprint",
  ],
  [
    "data for a group that is not there",
    {
      resourceConfig: { instanceGroups: [group] },
      inputDataConfig: [s3Channel({}, { instanceGroupNames: ["cpu", "gpu"] })],
    },
    "inputDataConfig[0].dataSource.s3DataSource.instanceGroupNames[1]",
  ],
  [
    "data for a group without groups",
    { inputDataConfig: [s3Channel({}, { instanceGroupNames: ["gpu"] })] },
    "inputDataConfig[0].dataSource.s3DataSource.instanceGroupNames[0]",
  ],
  [
    "relative checkpoints",
    { checkpointConfig: { s3Uri: "s3://artifacts/c", localPath: "checkpoints" } },
    "checkpointConfig.localPath",
  ],
  [
    "checkpoints without a place",
    { checkpointConfig: { localPath: "/opt/ml/checkpoints" } },
    "checkpointConfig.s3Uri",
  ],
  ["no output", { outputDataConfig: undefined }, "outputDataConfig"],
  ["no security group", { vpcConfig: { ...VPC, securityGroupIds: [] } }, "vpcConfig.securityGroupIds"],
  ["no role", { roleArn: undefined }, "roleArn"],
  ["a role's name for its ARN", { roleArn: "service-role/training-role" }, "roleArn"],

  // Script mode and hyperparameters.
  ["a source without a script", { sourceUri: SCRIPT.sourceUri }, "entryPoint"],
  ["a script without a source", { entryPoint: "train.py" }, "sourceUri"],
  ["a source that is not packed", { ...SCRIPT, sourceUri: "s3://code/retina/" }, "sourceUri"],
  ["a source on a local disk", { ...SCRIPT, sourceUri: "./train" }, "sourceUri"],
  ["an absolute script", { ...SCRIPT, entryPoint: "/opt/train.py" }, "entryPoint"],
  ["a script outside the source", { ...SCRIPT, entryPoint: "../train.py" }, "entryPoint"],
  ["a distribution of nothing", { distribution: "torchDistributed" }, "distribution"],
  ["an unknown distribution", { ...SCRIPT, distribution: "mpi" }, "distribution"],
  [
    "torchrun of a shell script",
    { ...SCRIPT, entryPoint: "train.sh", distribution: "torchDistributed" },
    "entryPoint",
  ],
  [
    "torchrun on unequal machines",
    { ...SCRIPT, distribution: "pytorchddp", resourceConfig: { instanceGroups: [group, gpuGroup] } },
    "distribution",
  ],
  ["101 hyperparameters", { hyperparameters: mapOf(101) }, "hyperparameters"],
  ["96 hyperparameters and script mode's five", { ...SCRIPT, hyperparameters: mapOf(96) }, "hyperparameters"],
  [
    "94 hyperparameters and torchrun's seven",
    { ...SCRIPT, distribution: "torchDistributed", hyperparameters: mapOf(94) },
    "hyperparameters",
  ],
  [
    "a hyperparameter's name of 257 characters",
    { hyperparameters: { ["k".repeat(257)]: 1 } },
    `hyperparameters.${"k".repeat(257)}`,
  ],
  [
    "a hyperparameter of 2501 characters",
    { hyperparameters: { text: "x".repeat(2501) } },
    "hyperparameters.text",
  ],
  [
    "a hyperparameter of 2499 characters and quotes",
    { ...SCRIPT, hyperparameters: { text: "x".repeat(2499) } },
    "hyperparameters.text",
  ],
  ["a hyperparameter with a line break", { hyperparameters: { text: "a\nb" } }, "hyperparameters.text"],
  ["a hyperparameter that is not a number", { hyperparameters: { lr: Number.NaN } }, "hyperparameters.lr"],
  [
    "a hyperparameter that is endless inside",
    { ...SCRIPT, hyperparameters: { grid: [1, Number.POSITIVE_INFINITY] } },
    "hyperparameters.grid",
  ],
  [
    "script mode's own hyperparameter",
    { ...SCRIPT, hyperparameters: { sagemaker_program: "other.py" } },
    "hyperparameters.sagemaker_program",
  ],
  [
    "torchrun's own hyperparameter",
    {
      ...SCRIPT,
      distribution: "torchDistributed",
      hyperparameters: { sagemaker_instance_type: "ml.g5.xlarge" },
    },
    "hyperparameters.sagemaker_instance_type",
  ],
  ["hyperparameters as a list", { hyperparameters: ["lr=1"] }, "hyperparameters"],
  [
    "the source's channel without network",
    { ...SCRIPT, enableNetworkIsolation: true, inputDataConfig: [s3Channel({ channelName: "code" })] },
    "inputDataConfig[0].channelName",
  ],
  [
    "20 channels and the source's without network",
    {
      ...SCRIPT,
      enableNetworkIsolation: true,
      inputDataConfig: times(20, (index) => s3Channel({ channelName: `c${index}` })),
    },
    "inputDataConfig",
  ],

  // Environment and tags.
  ["101 variables", { environment: mapOf(101) }, "environment"],
  ["a variable that begins with a digit", { environment: { "1ST": "x" } }, 'environment["1ST"]'],
  ["a variable with a hyphen", { environment: { "LOG-LEVEL": "x" } }, 'environment["LOG-LEVEL"]'],
  ["a variable that is a number", { environment: { WORKERS: 4 } }, "environment.WORKERS"],
  ["a variable of 513 characters", { environment: { LONG: "x".repeat(513) } }, "environment.LONG"],
  ["a tag too many, with the owner's", { tags: mapOf(51 - OWNER_TAGS.length) }, "tags"],
  ["a tag of AWS", { tags: { "aws:team": "x" } }, 'tags["aws:team"]'],
  ["a tag of AWS in capitals", { tags: { "AWS:team": "x" } }, 'tags["AWS:team"]'],
  ["a tag of the owner", { tags: { "pulumi:urn": "x" } }, 'tags["pulumi:urn"]'],
  ["a tag of 257 characters", { tags: { team: "x".repeat(257) } }, "tags.team"],
  ["a tag with a character too many", { tags: { team: "a&b" } }, "tags.team"],
  ["a tag's name of 129 characters", { tags: { ["k".repeat(129)]: "x" } }, `tags.${"k".repeat(129)}`],
  ["tags as the API has them", { tags: [{ key: "team", value: "x" }] }, "tags"],

  // Debugger, profiler, serverless.
  [
    "a collection twice",
    {
      debugHookConfig: {
        s3OutputPath: "s3://d/t",
        collectionConfigurations: [{ collectionName: "losses" }, { collectionName: "losses" }],
      },
    },
    "debugHookConfig.collectionConfigurations[1].collectionName",
  ],
  [
    "an unknown parameter of a collection",
    {
      debugHookConfig: {
        s3OutputPath: "s3://d/t",
        collectionConfigurations: [{ collectionName: "losses", collectionParameters: { includeRegex: "x" } }],
      },
    },
    "debugHookConfig.collectionConfigurations[0].collectionParameters.includeRegex",
  ],
  [
    "a rule twice",
    { debugRuleConfigurations: [rule, rule] },
    "debugRuleConfigurations[1].ruleConfigurationName",
  ],
  [
    "a rule's name in both lists",
    { debugRuleConfigurations: [rule], profilerRuleConfigurations: [rule] },
    "profilerRuleConfigurations[0].ruleConfigurationName",
  ],
  [
    "a rule with a relative path",
    { debugRuleConfigurations: [{ ...rule, localPath: "out" }] },
    "debugRuleConfigurations[0].localPath",
  ],
  [
    "an interval of 250 ms",
    { profilerConfig: { profilingIntervalInMilliseconds: 250 } },
    "profilerConfig.profilingIntervalInMilliseconds",
  ],
  [
    "relative tensors",
    { debugHookConfig: { s3OutputPath: "s3://d/t", localPath: "tensors" } },
    "debugHookConfig.localPath",
  ],
  [
    "relative TensorBoard data",
    { tensorBoardOutputConfig: { s3OutputPath: "s3://d/t", localPath: "tb" } },
    "tensorBoardOutputConfig.localPath",
  ],
  [
    "serverless with machines",
    {
      algorithmSpecification: undefined,
      serverlessJobConfig: { baseModelArn: model, jobType: "FineTuning" },
    },
    "resourceConfig",
  ],
  [
    "serverless with an image",
    { resourceConfig: undefined, serverlessJobConfig: { baseModelArn: model, jobType: "FineTuning" } },
    "algorithmSpecification",
  ],
  [
    "an evaluation of no kind",
    { ...serverless, serverlessJobConfig: { baseModelArn: model, jobType: "Evaluation" } },
    "serverlessJobConfig.evaluationType",
  ],
  [
    "sequences of 2048K",
    {
      ...serverless,
      serverlessJobConfig: { baseModelArn: model, jobType: "FineTuning", sequenceLength: "2048K" },
    },
    "serverlessJobConfig.sequenceLength",
  ],

  // Own properties and typos.
  ["a name that begins with a hyphen", { baseJobName: "-retina" }, "baseJobName"],
  ["a name with an underscore", { baseJobName: "retina_net" }, "baseJobName"],
  ["a name of 64 characters", { baseJobName: "r".repeat(64) }, "baseJobName"],
  [
    "a job to adopt that is no name",
    { adopt: "arn:aws:sagemaker:us-east-1:111122223333:training-job/x" },
    "adopt",
  ],
  ["an unknown reaction to cancel", { onCancel: "kill" }, "onCancel"],
  ["an unknown delete policy", { deletePolicy: "keep" }, "deletePolicy"],
  ["a run id that is no text", { runId: 7 }, "runId"],
  ["the job's name", { trainingJobName: "retina-1" }, "trainingJobName"],
  ["the spelling of the API", { hyperParameters: {} }, "hyperParameters"],
  ["the spelling of the native resource", { inputDataConfigs: [] }, "inputDataConfigs"],
  ["a machine type at the top", { instanceType: "ml.g5.xlarge" }, "instanceType"],
  ["a typo at the top", { maxrun: "1h" }, "maxrun"],
  ["a typo inside", resources({ volumeSizeInGb: 50 }), "resourceConfig.volumeSizeInGb"],
  [
    "a typo in a list",
    { inputDataConfig: [s3Channel({ contentTyp: "image/png" })] },
    "inputDataConfig[0].contentTyp",
  ],
  [
    "several mistakes at once",
    { roleArn: "x", maxRun: "x", resourceConfig: { instanceType: "x" } },
    "maxRun",
    "roleArn",
    "resourceConfig.instanceType",
  ],
];
