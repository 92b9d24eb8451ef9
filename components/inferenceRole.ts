import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { trustPolicy } from "./executionRole";
import { fitName, ROLE_NAME } from "./names";
import { splitS3Uri } from "./trainingJob/args/s3Uri";

export interface InferenceRoleArgs {
  /** ARN of an existing role to use as it is. Default: a new one with the least that serving needs. */
  roleArn?: string;
  /** S3 URI of the model artifact. */
  artifact: string;
  /** Bucket of the training stack: every artifact that it makes may be read, so that the model before goes on while the next one comes. */
  bucket: string;
  /** ARN of the ECR repository that the image comes from. */
  repositoryArn: pulumi.Input<string>;
  /** ARN of the KMS key that artifacts are encrypted with. Default: none. */
  kmsKeyArn?: string;
  /** S3 URI below which captured requests and answers go. Default: none are captured. */
  captureUri?: string;
  /** ARN of the alarm that an update looks at. Default: none. */
  alarmArn?: pulumi.Input<string>;
  /** ARN of a permissions boundary, where the organisation asks for one. */
  permissionsBoundary?: string;
  tags?: Record<string, string>;
}

/**
 * The role that SageMaker assumes to serve a model: read artifacts of the training stack and the image, log. No wildcard action, and no
 * resource beyond its own but where IAM has no narrower form.
 *
 * @example
 * const role = new InferenceRole("role", { artifact: model.artifact, bucket, repositoryArn: image.repositoryArn });
 */
export class InferenceRole extends pulumi.ComponentResource {
  /** ARN of the role, known only once its permissions are in place: a model is refused whose role cannot read it. */
  public readonly arn: pulumi.Output<string>;

  constructor(name: string, args: InferenceRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("training:index:InferenceRole", name, {}, opts);
    this.arn = args.roleArn ? pulumi.output(args.roleArn) : createRole(name, args, this);
    this.registerOutputs({ arn: this.arn });
  }
}

function createRole(name: string, args: InferenceRoleArgs, parent: pulumi.Resource): pulumi.Output<string> {
  const role = new aws.iam.Role(
    fitName(`${name}-role`, ROLE_NAME),
    {
      assumeRolePolicy: aws.getCallerIdentityOutput({}, { parent }).accountId.apply(trustPolicy),
      description: "Execution role of a SageMaker endpoint",
      permissionsBoundary: args.permissionsBoundary,
      tags: args.tags,
    },
    { parent },
  );
  const { partition } = aws.getPartitionOutput({}, { parent });
  const facts = pulumi.all([partition, args.repositoryArn, args.alarmArn]);
  const policy = new aws.iam.RolePolicy(
    `${name}-policy`,
    {
      role: role.name,
      policy: facts.apply(([partition, repositoryArn, alarmArn]) =>
        servingPolicy({ ...args, partition, repositoryArn, alarmArn }),
      ),
    },
    { parent },
  );
  return pulumi.all([role.arn, policy.id]).apply(([arn]) => arn);
}

interface PolicyFacts extends Pick<InferenceRoleArgs, "artifact" | "bucket" | "kmsKeyArn" | "captureUri"> {
  partition: string;
  repositoryArn: string;
  alarmArn?: string;
}

/** The inline policy as JSON. */
export function servingPolicy(facts: PolicyFacts): string {
  const { partition, kmsKeyArn, captureUri, alarmArn } = facts;
  const s3 = (path: string) => `arn:${partition}:s3:::${path}`;
  const allow = (Sid: string, Action: string[], Resource: string[], Condition?: object) => ({
    Sid,
    Effect: "Allow",
    Action,
    Resource,
    ...(Condition && { Condition }),
  });
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      allow("ReadModels", ["s3:GetObject"], artifactPaths(facts).map(s3)),
      allow(
        "Log",
        ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
        [`arn:${partition}:logs:*:*:log-group:/aws/sagemaker/Endpoints*`],
      ),
      // PutMetricData has no resources; the namespace is its limit.
      allow("Metrics", ["cloudwatch:PutMetricData"], ["*"], {
        StringEquals: { "cloudwatch:namespace": "/aws/sagemaker/Endpoints" },
      }),
      allow(
        "PullImage",
        ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        [facts.repositoryArn],
      ),
      allow("RegistryLogin", ["ecr:GetAuthorizationToken"], ["*"]),
      // "Ensure that your IAM execution role has permission to perform the cloudwatch:DescribeAlarms action" (Developer Guide, Auto-Rollback
      // Configuration and Monitoring).
      ...(alarmArn ? [allow("WatchAlarm", ["cloudwatch:DescribeAlarms"], [alarmArn])] : []),
      ...(captureUri ? [allow("Capture", ["s3:PutObject"], [s3(pathOf(`${captureUri}/*`))])] : []),
      ...(kmsKeyArn
        ? [allow("UseKey", ["kms:Decrypt", ...(captureUri ? ["kms:GenerateDataKey"] : [])], [kmsKeyArn])]
        : []),
    ],
  });
}

/**
 * What a role may read that another may not: with it changes the role. The model in service keeps its own until the next one has been rolled
 * out, which may fail; the instances that come back have to fetch artifact and image again.
 */
export const readBy = (
  args: Pick<InferenceRoleArgs, "artifact" | "bucket" | "kmsKeyArn">,
  imageUri?: string,
) => [artifactPaths(args), args.kmsKeyArn, imageUri?.split(/[:@]/)[0]];

/** Where the training stack puts artifacts, and this one where it is elsewhere: that of a job which was taken over. */
function artifactPaths({ artifact, bucket }: Pick<InferenceRoleArgs, "artifact" | "bucket">): string[] {
  const stack = `${bucket}/artifacts/`;
  const path = pathOf(artifact);
  if (path.startsWith(stack)) return [`${stack}*`];
  return [`${stack}*`, path];
}

function pathOf(uri: string): string {
  const { bucket, key } = splitS3Uri(uri);
  return `${bucket}/${key}`;
}
