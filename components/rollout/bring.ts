import type { DeploymentConfig } from "@aws-sdk/client-sagemaker";
import type { Model } from "../model";
import type { Clock } from "../trainingJob/engine/clock";
import { type EndpointNow, logGroupOf, type RolloutApi } from "./api";
import { scriptError } from "./scriptError";
import { contentTypeOf, type SmokeRequest, wrongWith } from "./smoke";

/** A configuration of an endpoint, and the model that it serves. */
export interface Served {
  configName: string;
  model: Model;
}

export interface Bring extends Served {
  endpointName: string;
  smoke: SmokeRequest;
  deploymentConfig?: DeploymentConfig;
  /** What is in service before. Default: nothing is. */
  before?: Served;
}

export interface BringContext {
  api: RolloutApi;
  clock: Clock;
  /** Told what happens, for the row of the display. */
  status(text: string): void;
  /** Ends the waiting. */
  signal?: AbortSignal;
}

/** Milliseconds between two looks at what changes: more each time, as an update takes minutes on AWS, and seconds on a local stack. */
const LOOKS_MS = [1_000, 1_000, 2_000, 3_000, 5_000, 10_000];
/** Looks for the log of what failed: CloudWatch has it some seconds later. */
const LOG_LOOKS = 5;
/** Tries where no answer came in time: a serverless endpoint that just starts has as long as any request, 60 seconds. */
const TRIES = 3;

/**
 * Brings a configuration to an endpoint, unless it is there, and asks it the smoke request. Throws, with the configuration before in
 * service again, where SageMaker rolls it back or the answer is wrong.
 */
export async function bring(task: Bring, context: BringContext): Promise<void> {
  const { api, clock } = context;
  const since = clock.now();
  // Read first: a request that is not there must not cost a rollout.
  const body = await smokeBody(task.smoke, api);
  let now = await settled(task.endpointName, context);
  if (now.status === "Failed") now = await makeAnew(task, now, context);
  if (now.status === "InService" && now.configName !== task.configName) {
    context.status(`rolling out the model of ${task.model.trainingJobName}`);
    await api.update(task.endpointName, task.configName, task.deploymentConfig);
    now = await settled(task.endpointName, context);
  }
  if (now.status !== "InService" || now.configName !== task.configName) {
    throw new Error(await refusedBySageMaker(task, now, since, context));
  }
  context.status(`asking the model of ${task.model.trainingJobName} the smoke request`);
  const fault = await ask(task, body, api);
  if (fault !== undefined) throw new Error(await takeBack(task, fault, context));
}

async function smokeBody({ request }: SmokeRequest, api: RolloutApi): Promise<Uint8Array> {
  try {
    return await api.content(request);
  } catch (error) {
    const { name, message } = error as Error;
    throw new Error(
      `The smoke request ${request} cannot be read: ${name}: ${message}\nNext: name another with training-deploy:smokeRequest.`,
    );
  }
}

const pauseAfter = (looks: number): number => LOOKS_MS[Math.min(looks, LOOKS_MS.length - 1)];

/** Waits until nothing is on the way. */
async function settled(endpoint: string, { api, clock, status, signal }: BringContext): Promise<EndpointNow> {
  for (let looks = 0; ; looks += 1) {
    const now = await api.describe(endpoint);
    if (!now) throw new Error(`There is no endpoint ${endpoint}: \`pulumi refresh\`, then deploy again.`);
    if (["InService", "Failed", "UpdateRollbackFailed", "OutOfService"].includes(now.status)) return now;
    status(now.status);
    await clock.sleep(pauseAfter(looks), signal);
  }
}

/** Of an endpoint that never came into service AWS lets nothing be done but to delete it. */
async function makeAnew(
  task: Bring,
  { failureReason }: EndpointNow,
  context: BringContext,
): Promise<EndpointNow> {
  const { api, clock, status, signal } = context;
  status(`the endpoint is Failed (${failureReason ?? "no reason"}): making it anew`);
  const { create } = await api.remove(task.endpointName);
  for (let looks = 0; await api.describe(task.endpointName); looks += 1) {
    await clock.sleep(pauseAfter(looks), signal);
  }
  await create(task.configName);
  return settled(task.endpointName, context);
}

/** What is wrong with the answer; undefined where it is right. */
async function ask(
  { endpointName, smoke }: Bring,
  body: Uint8Array,
  api: RolloutApi,
): Promise<string | undefined> {
  for (let tries = 1; ; tries += 1) {
    const answer = await api.invoke(endpointName, body, contentTypeOf(smoke.request));
    if (answer.status === undefined && tries < TRIES) continue;
    if (answer.status === 200) return wrongWith(answer.body, smoke);
    const status = answer.status === undefined ? "No answer in time" : `HTTP ${answer.status}`;
    return `${status}: ${scriptError(answer.body.split("\n")).join("\n")}`;
  }
}

const nameOf = ({ trainingJobName, artifact }: Model) => `${trainingJobName} (${artifact})`;

/** What is in service now, in words. */
function inService(endpoint: string, now: EndpointNow | undefined, before: Served | undefined): string {
  if (!before) return `The endpoint ${endpoint} had no model in service before.`;
  if (now?.status === "InService" && now.configName === before.configName) {
    return `The endpoint goes on with the model before: ${nameOf(before.model)}.`;
  }
  return (
    `The model before, ${nameOf(before.model)}, is NOT in service again: the endpoint is ${now?.status ?? "gone"}, its configuration ` +
    `${now?.configName}.`
  );
}

const next = (endpoint: string) =>
  `Next: mend the script that serves and train again, then deploy; the endpoint's log is ${logGroupOf(endpoint)} in CloudWatch.`;

async function refusedBySageMaker(
  task: Bring,
  now: EndpointNow,
  since: number,
  context: BringContext,
): Promise<string> {
  const { endpointName, model, before } = task;
  const lines = await logOf(endpointName, since, context);
  return [
    `The endpoint ${endpointName} did not take the model of ${nameOf(model)}: ${now.failureReason ?? `it is ${now.status}`}`,
    ...lines.map((line) => `  ${line}`),
    inService(endpointName, now, before),
    next(endpointName),
  ].join("\n");
}

/** What the script said when it failed, as soon as CloudWatch has it. */
async function logOf(
  endpoint: string,
  since: number,
  { api, clock, signal }: BringContext,
): Promise<string[]> {
  for (let looks = 0; ; looks += 1) {
    // Without the right to read logs the reason is still worth telling.
    const lines = scriptError(await api.logSince(endpoint, since).catch(() => []));
    if (lines.length > 0 || looks === LOG_LOOKS) return lines;
    await clock.sleep(pauseAfter(looks), signal);
  }
}

/** Puts the configuration before in the place of one that answers wrongly; all at once, as every request goes wrong meanwhile. */
async function takeBack(task: Bring, fault: string, context: BringContext): Promise<string> {
  const { endpointName, smoke, model, configName } = task;
  const before = task.before?.configName === configName ? undefined : task.before;
  let now: EndpointNow | undefined;
  if (before) {
    context.status(`bringing back the model of ${before.model.trainingJobName}`);
    await context.api.update(endpointName, before.configName);
    now = await settled(endpointName, context);
  }
  return [
    `The model of ${nameOf(model)} did not answer the smoke request ${smoke.request} rightly at the endpoint ${endpointName}: ${fault}`,
    before
      ? inService(endpointName, now, before)
      : `The endpoint ${endpointName} goes on with it, as no other model was in service before.`,
    next(endpointName),
  ].join("\n");
}
