/** Everything that the provider serves, by token. A type of AWS that the program comes to use is added here. */

import type { ProviderFunction } from "./invoke.ts";
import { getCallerIdentity, getPartition, getRegion } from "./invokes/account.ts";
import { getBucket, getImage, getRepository } from "./invokes/lookups.ts";
import { getPrebuiltEcrImage } from "./invokes/prebuiltEcrImage.ts";
import type { ResourceType } from "./resource.ts";
import { dashboard } from "./resources/cloudwatch/dashboard.ts";
import { eventRule } from "./resources/cloudwatch/eventRule.ts";
import { eventTarget } from "./resources/cloudwatch/eventTarget.ts";
import { logGroup } from "./resources/cloudwatch/logGroup.ts";
import { metricAlarm } from "./resources/cloudwatch/metricAlarm.ts";
import { lifecyclePolicy } from "./resources/ecr/lifecyclePolicy.ts";
import { repository } from "./resources/ecr/repository.ts";
import { role } from "./resources/iam/role.ts";
import { rolePolicy } from "./resources/iam/rolePolicy.ts";
import { bucket } from "./resources/s3/bucket.ts";
import { bucketLifecycleConfiguration } from "./resources/s3/bucketLifecycleConfiguration.ts";
import { bucketObjectv2 } from "./resources/s3/bucketObjectv2.ts";
import {
  bucketPolicy,
  bucketPublicAccessBlock,
  bucketServerSideEncryptionConfiguration,
} from "./resources/s3/settings.ts";
import { endpoint, endpointConfiguration, model } from "./resources/sagemaker/hosting.ts";
import { trainingJob } from "./resources/sagemaker/trainingJob.ts";
import { topic } from "./resources/sns/topic.ts";
import { topicPolicy } from "./resources/sns/topicPolicy.ts";
import { topicSubscription } from "./resources/sns/topicSubscription.ts";

const resourceTypes: readonly ResourceType[] = [
  dashboard,
  eventRule,
  eventTarget,
  logGroup,
  metricAlarm,
  lifecyclePolicy,
  repository,
  role,
  rolePolicy,
  bucket,
  bucketLifecycleConfiguration,
  bucketObjectv2,
  bucketPolicy,
  bucketPublicAccessBlock,
  bucketServerSideEncryptionConfiguration,
  endpoint,
  endpointConfiguration,
  model,
  trainingJob,
  topic,
  topicPolicy,
  topicSubscription,
];

const functions: readonly ProviderFunction[] = [
  getCallerIdentity,
  getPartition,
  getRegion,
  getBucket,
  getImage,
  getRepository,
  getPrebuiltEcrImage,
];

const byToken = new Map(resourceTypes.map((type) => [type.token, type]));
const functionsByToken = new Map(functions.map((fn) => [fn.token, fn]));

export function servedTypes(): readonly ResourceType[] {
  return resourceTypes;
}

/** @throws Error that names what is served, when the type is not */
export function resourceType(token: string): ResourceType {
  const type = byToken.get(token);
  if (!type) throw new Error(notServed("resource types", token, byToken.keys()));
  return type;
}

/** @throws Error that names what is served, when the function is not */
export function providerFunction(token: string): ProviderFunction {
  const found = functionsByToken.get(token);
  if (!found) throw new Error(notServed("functions", token, functionsByToken.keys()));
  return found;
}

function notServed(what: string, token: string, served: Iterable<string>): string {
  return (
    `the local stack's AWS provider serves the ${what} ${[...served].map(shortName).join(", ")}; ` +
    `${token} is not among them: use a real AWS account with the provider from \`pulumi plugin install resource aws\`, ` +
    "or add it under local/provider/"
  );
}

/** aws:s3/bucket:Bucket -> aws.s3.Bucket, aws:index/getRegion:getRegion -> aws.getRegion, as a program writes them. */
function shortName(token: string): string {
  const [pkg, module, name] = token.split(":");
  const namespace = module.split("/")[0];
  return namespace === "index" ? `${pkg}.${name}` : `${pkg}.${namespace}.${name}`;
}
