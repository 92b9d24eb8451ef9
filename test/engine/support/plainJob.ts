import { CreateRoleCommand, EntityAlreadyExistsException, IAMClient } from "@aws-sdk/client-iam";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { CreateTrainingJobCommand } from "@aws-sdk/client-sagemaker";
import * as tar from "tar";
import { testAws } from "./aws";
import { SCRIPT, type TestStack } from "./stack";

const BUCKET = "plain-jobs";
const TRUST = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { Service: "sagemaker.amazonaws.com" }, Action: "sts:AssumeRole" },
  ],
};

/** Starts a training job with the AWS SDK alone, as somebody without this project would. */
export async function startPlainJob(stack: TestStack, name: string, seconds = 0): Promise<void> {
  const roleArn = await ensureTestRole();
  await stack.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  stack.write("plain/train.py", SCRIPT);
  const archive = tar.create({ gzip: true, cwd: `${stack.dir}/plain`, sync: true }, ["train.py"]).read();
  await stack.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: "sourcedir.tar.gz", Body: archive ?? "" }));
  await stack.sagemaker.send(
    new CreateTrainingJobCommand({
      TrainingJobName: name,
      RoleArn: roleArn,
      AlgorithmSpecification: {
        TrainingImage: "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4.0-cpu-py311",
        TrainingInputMode: "File",
        MetricDefinitions: [{ Name: "val_accuracy", Regex: "val_accuracy=([0-9.]+)" }],
      },
      HyperParameters: {
        sagemaker_program: JSON.stringify("train.py"),
        sagemaker_submit_directory: JSON.stringify(`s3://${BUCKET}/sourcedir.tar.gz`),
        seconds: JSON.stringify(seconds),
      },
      OutputDataConfig: { S3OutputPath: `s3://${BUCKET}/out` },
      ResourceConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 10 },
      StoppingCondition: { MaxRuntimeInSeconds: 600 },
    }),
  );
}

/** A role that SageMaker may assume, in the tests' local AWS. */
export async function ensureTestRole(): Promise<string> {
  const { endpoint, credentials } = await testAws();
  const iam = new IAMClient({ endpoint, region: "us-east-1", credentials });
  const name = "plain-jobs";
  try {
    await iam.send(
      new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: JSON.stringify(TRUST) }),
    );
  } catch (error) {
    if (!(error instanceof EntityAlreadyExistsException)) throw error;
  } finally {
    iam.destroy();
  }
  return `arn:aws:iam::000000000000:role/${name}`;
}
