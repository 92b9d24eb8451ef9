import * as pulumi from "@pulumi/pulumi";
import * as aws from "./aws";
import { fitName, ROLE_NAME } from "./names";
import { refusal } from "./refusal";
import { parseS3Uri } from "./trainingJob/args/s3Uri";

export interface ExecutionRoleArgs {
  /** ARN of an existing role to use as it is. Default: a new one with the least that training needs. */
  roleArn?: pulumi.Input<string>;
  /** Name of the bucket that holds code, checkpoints and artifacts. */
  bucket: pulumi.Input<string>;
  /** S3 URIs that the job reads its channels from. */
  dataUris: pulumi.Input<string>[];
  /** ARN of the ECR repository that the training image comes from. */
  repositoryArn: pulumi.Input<string>;
  /** ARNs of the KMS keys of artifacts or volumes: the job encrypts and decrypts with them. */
  kmsKeyArns?: pulumi.Input<string>[];
  /** ARNs of the KMS keys that the data is encrypted with: the job only decrypts. */
  dataKmsKeyArns?: pulumi.Input<string>[];
  /** Whether the job runs in a VPC, which needs network interfaces. Default: false. */
  vpc?: boolean;
  /** ARN of a permissions boundary, where the organisation asks for one. */
  permissionsBoundary?: pulumi.Input<string>;
  tags?: Record<string, string>;
}

/**
 * The role that SageMaker assumes to run the job: read its data and its image, write under `artifacts/` and `checkpoints/`, drop old checkpoints, log. No
 * wildcard action, and no resource beyond the experiment's own but where IAM has no narrower form.
 *
 * @example
 * const role = new ExecutionRole("role", { bucket: store.bucket, dataUris: ["s3://data/train"], repositoryArn: image.repositoryArn });
 */
export class ExecutionRole extends pulumi.ComponentResource {
  /** ARN of the role, known only once its permissions are in place: a job started before would be refused. */
  public readonly arn: pulumi.Output<string>;

  constructor(name: string, args: ExecutionRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("training:index:ExecutionRole", name, {}, opts);

    if (args.roleArn) {
      this.arn = pulumi.output(args.roleArn);
    } else {
      const role = new aws.iam.Role(
        fitName(`${name}-role`, ROLE_NAME),
        {
          assumeRolePolicy: aws.getCallerIdentityOutput({}, { parent: this }).accountId.apply(trustPolicy),
          description: "Execution role of SageMaker training jobs",
          permissionsBoundary: args.permissionsBoundary,
          tags: args.tags,
        },
        { parent: this },
      );
      const policy = new aws.iam.RolePolicy(
        `${name}-policy`,
        {
          role: role.name,
          policy: policyFacts(args, this).apply(policyDocument),
        },
        { parent: this },
      );
      this.arn = pulumi.all([role.arn, policy.id]).apply(([arn]) => arn);
    }
    this.registerOutputs({ arn: this.arn });
  }
}

/** SageMaker may use the role for its own account only: nobody else can make the service act with it. */
export const trustPolicy = (accountId: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "sagemaker.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": accountId } },
      },
    ],
  });

function policyFacts(args: ExecutionRoleArgs, parent: pulumi.Resource): pulumi.Output<PolicyFacts> {
  return pulumi
    .all([
      args.bucket,
      args.repositoryArn,
      pulumi.all(args.dataUris),
      pulumi.all(args.kmsKeyArns ?? []),
      pulumi.all(args.dataKmsKeyArns ?? []),
      aws.getPartitionOutput({}, { parent }).partition,
    ])
    .apply(([bucket, repositoryArn, dataUris, kmsKeyArns, dataKmsKeyArns, partition]) => {
      const vpc = args.vpc ?? false;
      return { bucket, repositoryArn, dataUris, kmsKeyArns, dataKmsKeyArns, partition, vpc };
    });
}

interface PolicyFacts {
  bucket: string;
  dataUris: string[];
  repositoryArn: string;
  kmsKeyArns: string[];
  dataKmsKeyArns: string[];
  vpc: boolean;
  partition: string;
}

/** Characters of all inline policies of a role (IAM and STS quotas); the role has just this one. */
const MAX_POLICY = 10_240;

/** The inline policy as JSON. */
export function policyDocument(facts: PolicyFacts): string {
  const { partition } = facts;
  const s3 = (path: string) => `arn:${partition}:s3:::${path}`;
  const statements = [
    ...facts.dataUris.flatMap((uri, index) => readData(uri, index, s3)),
    {
      Sid: "ReadCode",
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: [s3(`${facts.bucket}/code/*`)],
    },
    {
      Sid: "WriteResults",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"],
      Resource: [s3(`${facts.bucket}/artifacts/*`), s3(`${facts.bucket}/checkpoints/*`)],
    },
    {
      // "If a checkpoint is deleted in the SageMaker container, it will also be deleted in the S3 folder" (AWS's guide, Checkpoints in
      // Amazon SageMaker AI).
      Sid: "DropCheckpoints",
      Effect: "Allow",
      Action: ["s3:DeleteObject"],
      Resource: [s3(`${facts.bucket}/checkpoints/*`)],
    },
    {
      Sid: "ListResults",
      Effect: "Allow",
      Action: ["s3:ListBucket"],
      Resource: [s3(facts.bucket)],
      Condition: {
        StringLike: { "s3:prefix": ["artifacts/*", "checkpoints/*", "code/*"] },
      },
    },
    {
      Sid: "Log",
      Effect: "Allow",
      Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
      Resource: [`arn:${partition}:logs:*:*:log-group:/aws/sagemaker/TrainingJobs*`],
    },
    {
      Sid: "Metrics",
      Effect: "Allow",
      Action: ["cloudwatch:PutMetricData"],
      Resource: ["*"], // PutMetricData has no resources; the namespace is its limit
      Condition: {
        StringEquals: { "cloudwatch:namespace": "/aws/sagemaker/TrainingJobs" },
      },
    },
    {
      Sid: "PullImage",
      Effect: "Allow",
      Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      Resource: [facts.repositoryArn],
    },
    {
      Sid: "RegistryLogin",
      Effect: "Allow",
      Action: ["ecr:GetAuthorizationToken"],
      Resource: ["*"],
    },
    ...(facts.kmsKeyArns.length > 0
      ? [
          {
            Sid: "UseKeys",
            Effect: "Allow",
            Action: [
              "kms:Decrypt",
              "kms:Encrypt",
              "kms:GenerateDataKey",
              "kms:DescribeKey",
              "kms:CreateGrant",
            ],
            Resource: facts.kmsKeyArns,
          },
        ]
      : []),
    ...(facts.dataKmsKeyArns.length > 0
      ? [
          {
            Sid: "DecryptData",
            Effect: "Allow",
            Action: ["kms:Decrypt", "kms:DescribeKey"],
            Resource: facts.dataKmsKeyArns,
          },
        ]
      : []),
    ...(facts.vpc ? [NETWORK_INTERFACES] : []),
  ];
  const policy = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  if (policy.length > MAX_POLICY) {
    throw refusal(
      `The execution role's policy has ${policy.length} characters, IAM takes ${MAX_POLICY}: name fewer or shorter dataUris, or give a role of your own (roleArn).`,
    );
  }
  return policy;
}

function readData(uri: string, index: number, s3: (path: string) => string) {
  const { bucket, key: prefix = "" } = parseS3Uri(uri) ?? {};
  if (!bucket) throw refusal(`dataUris: ${uri} is not an S3 URI; a channel reads from s3://bucket/prefix.`);
  return [
    {
      Sid: `ReadData${index}`,
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: [s3(`${bucket}/${prefix}*`)],
    },
    {
      Sid: `ListData${index}`,
      Effect: "Allow",
      Action: ["s3:ListBucket"],
      Resource: [s3(bucket)],
      // The whole bucket may be listed without naming a prefix, which no condition on one would match.
      ...(prefix === "" ? {} : { Condition: { StringLike: { "s3:prefix": [`${prefix}*`] } } }),
    },
  ];
}

/** What SageMaker's documentation asks for a job in a VPC; the EC2 actions know no narrower resource. */
const NETWORK_INTERFACES = {
  Sid: "NetworkInterfaces",
  Effect: "Allow",
  Action: [
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeVpcs",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
  ],
  Resource: ["*"],
};
