/**
 * Every key of the stack's `aws:` configuration, which are also the arguments of an `aws.Provider`, as @pulumi/aws 7.48 declares them:
 * what a training job does with each. A test reads that package's types, and fails for a key that is not here.
 */

/** Followed as the AWS provider follows it: who calls AWS, where, and by which way. */
export const FOLLOWED = [
  "accessKey",
  "allowedAccountIds",
  "assumeRoleWithWebIdentity",
  "assumeRoles",
  "customCaBundle",
  "defaultTags",
  "ec2MetadataServiceEndpoint",
  "ec2MetadataServiceEndpointMode",
  "endpoints",
  "forbiddenAccountIds",
  "httpProxy",
  "httpsProxy",
  "insecure",
  "noProxy",
  "profile",
  "region",
  "s3UsePathStyle",
  "secretKey",
  "sharedConfigFiles",
  "sharedCredentialsFiles",
  "skipMetadataApiCheck",
  "skipRequestingAccountId",
  "stsRegion",
  "token",
  "useDualstackEndpoint",
  "useFipsEndpoint",
] as const;

/** A key of `aws:` that is followed, without its prefix. */
export type SettingKey = (typeof FOLLOWED)[number];

/** Keys that make no difference to who calls AWS and where, and why. */
export const HARMLESS: Record<string, string> = {
  ignoreTags: "tags that others put on a job are never read back, so none is taken away",
  maxRetries: "a training job has retries of its own, which a deployment can cancel",
  retryMode: "as maxRetries",
  tokenBucketRateLimiterCapacity: "as maxRetries",
  s3UsEast1RegionalEndpoint: "S3 is always called in the region",
  skipCredentialsValidation: "credentials are not validated before the first call",
  skipRegionValidation: "regions are not validated",
  tagPolicyCompliance: "the policy pack's required-tags asks for tags, on every training job",
  userAgents: "text in a header",
};

/** Names of a service in `aws:endpoints`, by the SDK's name of the service; the first that is set counts. */
export const ENDPOINT_NAMES: Record<string, string[]> = {
  sagemaker: ["sagemaker"],
  s3: ["s3", "s3api"],
  logs: ["logs", "cloudwatchlogs", "cloudwatchlog"],
  pricing: ["pricing"],
  sts: ["sts"],
};
