import type { Finding, PolicyRun, ProgramResource } from "./policyEngine";

export const kinds = ["TrainingJob", "aws.sagemaker.TrainingJob"] as const;

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

/** What a careful job asks for, in the words of either type. It passes every rule of the production example. */
export const careful = {
  algorithmSpecification: {
    trainingImage: `763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training@${digest}`,
    trainingInputMode: "File",
  },
  roleArn: "arn:aws:iam::000000000000:role/training",
  outputDataConfig: {
    s3OutputPath: "s3://artifacts/mednist",
    kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  },
  resourceConfig: { instanceType: "ml.g5.xlarge", instanceCount: 1 },
  stoppingCondition: { maxRuntimeInSeconds: 3600, maxWaitTimeInSeconds: 7200 },
  enableManagedSpotTraining: true,
  checkpointConfig: { s3Uri: "s3://artifacts/checkpoints" },
  enableNetworkIsolation: true,
  tags: { owner: "imaging", "cost-center": "4711" },
};

/** One field of it changed for each of the rules that are enforced at preview on the job itself. */
export const careless: Record<string, object> = {
  "managed-spot-required": {
    enableManagedSpotTraining: false,
    stoppingCondition: { maxRuntimeInSeconds: 3600 },
  },
  "max-run-limit": { stoppingCondition: { maxRuntimeInSeconds: 86_401, maxWaitTimeInSeconds: 172_800 } },
  "allowed-instance-types": { resourceConfig: { instanceType: "ml.p3.2xlarge", instanceCount: 1 } },
};

export function job(
  kind: (typeof kinds)[number] | "StandIn",
  name: string,
  changes: object = {},
): ProgramResource {
  const own = kind === "aws.sagemaker.TrainingJob" ? { trainingJobName: name } : {};
  return { kind, name, args: { ...careful, ...own, ...changes } };
}

export const artifact = { modelArtifact: "s3://artifacts/mednist/output/model.tar.gz" };

/** What a policy that is enforced had to say of one resource. */
export function refusals(run: PolicyRun, resource: string): Finding[] {
  return run.findings.filter((finding) => finding.level === "mandatory" && finding.resource === resource);
}
