import { BASE_MODEL, RULE, resources, SERVERLESS, s3Channel, type ValidCase } from "./builders";

/** Of AWS's guide and notebooks: the API has a free map here. */
const PARAMETERS = {
  save_interval: "500",
  "train.save_interval": "100",
  "eval.save_interval": "10",
  start_step: "1",
  end_step: "100",
  save_steps: "1,2,3",
  reductions: "min,max",
  include_regex: ".*loss",
};

/** Debugger, profiler, serverless jobs and own properties as they may be. */
export const validOther: ValidCase[] = [
  [
    "Debugger",
    {
      debugHookConfig: {
        s3OutputPath: "s3://debug/t",
        hookParameters: { save_interval: "100" },
        collectionConfigurations: [{ collectionName: "losses", collectionParameters: PARAMETERS }],
      },
      debugRuleConfigurations: [RULE],
    },
  ],
  [
    "the profiler",
    {
      profilerConfig: {
        s3OutputPath: "s3://debug/p",
        profilingIntervalInMilliseconds: 60_000,
        profilingParameters: { DetailedProfilingConfig: "{}" },
      },
      profilerRuleConfigurations: [RULE],
    },
  ],
  [
    "rules and machines without a volume of their own",
    {
      ...resources({ volumeSizeInGB: 0 }),
      debugRuleConfigurations: [{ ...RULE, volumeSizeInGB: 0 }],
      profilerRuleConfigurations: [{ ...RULE, ruleConfigurationName: "profile", volumeSizeInGB: 0 }],
    },
  ],
  ["the profiler off", { profilerConfig: { disableProfiler: true } }],
  [
    "TensorBoard",
    { tensorBoardOutputConfig: { s3OutputPath: "s3://debug/tb", localPath: "/opt/ml/output/tensorboard" } },
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
      ...SERVERLESS,
      serverlessJobConfig: {
        baseModelArn: BASE_MODEL,
        jobType: "FineTuning",
        acceptEula: true,
        customizationTechnique: "SFT",
        peft: "LORA",
        sequenceLength: "32K",
      },
    },
  ],
  [
    "a serverless fine-tuning with its data, a model package and a time limit",
    {
      ...SERVERLESS,
      serverlessJobConfig: { baseModelArn: BASE_MODEL, jobType: "FineTuning" },
      inputDataConfig: [s3Channel()],
      hyperparameters: { epochs: 3 },
      maxRun: "1d",
      modelPackageConfig: {
        modelPackageGroupArn: "arn:aws:sagemaker:us-east-1:111122223333:model-package-group/g",
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
      sourceVersion: { digest: "1a2b", commit: "5e6f", clean: true },
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
];
