import { BASE_MODEL, RULE, SERVERLESS, type ValidCase } from "./builders";

/** Debugger, profiler, serverless jobs and own properties as they may be. */
export const validOther: ValidCase[] = [
  [
    "Debugger",
    {
      debugHookConfig: {
        s3OutputPath: "s3://d/t",
        hookParameters: { save_interval: "100" },
        collectionConfigurations: [{ collectionName: "losses", collectionParameters: { save_config: "1" } }],
      },
      debugRuleConfigurations: [RULE],
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
      profilerRuleConfigurations: [RULE],
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
    "a serverless evaluation",
    {
      ...SERVERLESS,
      serverlessJobConfig: {
        baseModelArn: BASE_MODEL,
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
];
