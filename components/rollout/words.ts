import type { Model } from "../model";
import { howToAllow, isDenied } from "../trainingJob/aws/denied";
import { type EndpointNow, logGroupOf } from "./api";

/** A configuration of an endpoint, and the model that it serves, where the state names it. */
export interface Earlier {
  configName: string;
  model?: Model;
  /** Default: it is not, or it is not known. */
  serverless?: boolean;
}

/** An error that says all there is to say: what failed, what is in service now, and what to do next. */
export class RolloutError extends Error {}

export const nameOf = ({ trainingJobName, artifact }: Model) => `${trainingJobName} (${artifact})`;

export const said = (error: unknown): string => {
  const { name, message } = error as Error;
  return name === "Error" ? message : `${name}: ${message}`;
};

const earlierOf = ({ configName, model }: Earlier): string =>
  model ? `The model before, ${nameOf(model)}` : `The configuration before, ${configName}`;

/** What is in service now. */
export function inService(
  endpoint: string,
  now: EndpointNow | undefined,
  before: Earlier | undefined,
): string {
  if (!before) return `The endpoint ${endpoint} had no model in service before.`;
  if (now?.status === "InService" && now.configName === before.configName) {
    const { model, configName } = before;
    return model
      ? `The endpoint goes on with the model before: ${nameOf(model)}.`
      : `The endpoint goes on with its configuration before: ${configName}.`;
  }
  return (
    `${earlierOf(before)}, is NOT in service again: the endpoint is ${now?.status ?? "gone"}, its configuration ` +
    `${now?.configName}.`
  );
}

/** The worst end: a model that answers wrongly stays. */
export function notBroughtBack(
  endpoint: string,
  before: Earlier,
  error: unknown,
  hasInstances: boolean,
): string {
  const stays = `${earlierOf(before)}, could NOT be brought back: ${said(error)}. The endpoint may go on with the one that failed.`;
  if (before.serverless && hasInstances)
    return (
      `${stays} It has instances now, and SageMaker makes none of them serverless: deploy a model that answers rightly, or the one before under ` +
      "another training-deploy:endpointName."
    );
  return `${stays} By hand: aws sagemaker update-endpoint --endpoint-name ${endpoint} --endpoint-config-name ${before.configName}`;
}

export const wayBackCutOff = (before: Earlier): string =>
  `${earlierOf(before)}, was being brought back when the deployment was cut off; what SageMaker has begun goes on.`;

/** Permissions that a rollout needs. */
const PERMISSIONS =
  "sagemaker:DescribeEndpoint, sagemaker:UpdateEndpoint and sagemaker:InvokeEndpoint on the endpoint, s3:GetObject on the smoke request";

const LACKS = /capacity|ResourceLimitExceeded|service limit|quota/i;
const MACHINES =
  "the old and the new machines run at the same time while an endpoint is updated: ask for a higher quota (Service Quotas, Amazon SageMaker, " +
  "`TYPE for endpoint usage`), try again later, or take fewer instances or another training-deploy:instanceType";

/**
 * "Updating a real-time inference endpoint to either an on-demand serverless endpoint or a serverless endpoint with Provisioned Concurrency is
 * currently not supported" (Developer Guide, Update a serverless endpoint).
 */
export const instancesStay = (endpoint: string): string =>
  `the endpoint ${endpoint} has instances, and SageMaker makes none of them serverless: keep training-deploy:instanceType, or give the ` +
  "serverless endpoint a name of its own with training-deploy:endpointName. It is made beside this one, which is removed once its model answers";

/** What to do about an error of AWS. */
export function nextAfter(error: unknown): string {
  const { message } = error as Error;
  if (isDenied(error)) return `Next: ${howToAllow(message, PERMISSIONS)}.`;
  if (LACKS.test(said(error))) return `Next: ${MACHINES}.`;
  if (/could not find/i.test(message))
    return "Next: `pulumi refresh`, which finds what somebody else deleted, then deploy again.";
  return "Next: deploy again once this is mended.";
}

/** What to do about a model that did not come, or answers wrongly. */
export function nextFor(endpoint: string, reason = ""): string {
  if (/alarm/i.test(reason)) {
    return (
      "Next: see in CloudWatch what the alarm has counted: requests that the model before answers with an error count, too. With " +
      "training-deploy:rollbackErrorRate 100 no alarm is in the way of a model that mends them."
    );
  }
  if (LACKS.test(reason)) return `Next: ${MACHINES}.`;
  return `Next: mend the script that serves and train again, then deploy; the endpoint's log is ${logGroupOf(endpoint)} in CloudWatch.`;
}
