// What the training program uses of @pulumi/aws: all of it is 300 modules, an eighth of the start of each preview.
export * as cloudwatch from "@pulumi/aws/cloudwatch";
export * as ecr from "@pulumi/aws/ecr";
export { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
export { getPartitionOutput } from "@pulumi/aws/getPartition";
export { getRegionOutput } from "@pulumi/aws/getRegion";
export * as iam from "@pulumi/aws/iam";
export * as s3 from "@pulumi/aws/s3";
export * as sagemaker from "@pulumi/aws/sagemaker";
export * as sns from "@pulumi/aws/sns";
