import type { DeploymentConfig } from "@aws-sdk/client-sagemaker";
import type { Model } from "../model";
import { type EndpointNow, isInProgress, type RolloutApi } from "./api";
import { scriptError } from "./scriptError";
import { contentTypeOf, type SmokeRequest, wrongWith } from "./smoke";
import { pauseAfter, untilGone, untilSettled, type Waiting } from "./waiting";
import {
  type Earlier,
  inService,
  nameOf,
  nextAfter,
  nextFor,
  notBroughtBack,
  RolloutError,
  said,
  wayBackCutOff,
} from "./words";

/** A configuration of an endpoint, and the model that it serves. */
export interface Served {
  configName: string;
  model: Model;
  /** Default: it has instances, or it is not known. */
  serverless?: boolean;
}

export interface Bring extends Served {
  endpointName: string;
  smoke: SmokeRequest;
  deploymentConfig?: DeploymentConfig;
  /** What is in service before. Default: nothing is. */
  before?: Served;
}

export interface BringContext extends Waiting {
  api: RolloutApi;
}

/** Looks for the log of what failed: CloudWatch has it some seconds later. */
const LOG_LOOKS = 5;
/** Tries where no answer came in time: a serverless endpoint that just starts has as long as any request, 60 seconds. */
const TRIES = 3;

/**
 * Brings a configuration to an endpoint, unless it is there, and asks it the smoke request. Throws, with the configuration before in
 * service again, where SageMaker rolls it back, or the answer is wrong or cannot be had.
 */
export async function bring(task: Bring, context: BringContext): Promise<void> {
  const { api, clock, status, signal } = context;
  const since = clock.now();
  // Read first: a request that is not there must not cost a rollout.
  const body = await smokeBody(task.smoke, api);
  let now = await settled(task.endpointName, context);
  const before = task.before ?? earlier(now, task);
  if (now.status === "Failed") now = await makeAnew(task, now, context);
  if (now.status !== "Failed" && !isServing(now, task)) {
    status(`rolling out the model of ${task.model.trainingJobName}`);
    now = await update(task.endpointName, task.configName, context, task.deploymentConfig);
  }
  if (!isServing(now, task))
    throw new RolloutError(await refusedBySageMaker(task, before, now, since, context));
  status(`asking the model of ${task.model.trainingJobName} the smoke request`);
  const fault = await ask(task, body, api, signal).catch((error: Error) => {
    if (signal?.aborted) throw error;
    return { text: `it could not be asked: ${said(error)}`, next: nextAfter(error) };
  });
  if (fault !== undefined) throw new RolloutError(await takeBack(task, before, fault, context));
}

const isServing = ({ status, configName }: EndpointNow, asked: Pick<Bring, "configName">): boolean =>
  status === "InService" && configName === asked.configName;

/** What is in service though no rollout of the state brought it. */
const earlier = ({ status, configName }: EndpointNow, task: Bring): Earlier | undefined =>
  status === "InService" && configName !== task.configName ? { configName } : undefined;

async function smokeBody({ request }: SmokeRequest, api: RolloutApi): Promise<Uint8Array> {
  try {
    return await api.content(request);
  } catch (error) {
    const { name, message } = error as Error;
    throw new RolloutError(
      `The smoke request ${request} cannot be read: ${name}: ${message}\nNext: name another with training-deploy:smokeRequest.`,
    );
  }
}

/** Waits until nothing is on the way. */
async function settled(endpoint: string, context: BringContext): Promise<EndpointNow> {
  const now = await untilSettled(endpoint, context);
  if (now) return now;
  throw new RolloutError(`There is no endpoint ${endpoint}: \`pulumi refresh\`, then deploy again.`);
}

/**
 * Updates an endpoint, and waits for the end. SageMaker makes one update at a time: another one that came in between is waited for. So is its
 * own, which a request finds under way that was sent again for want of an answer.
 */
async function update(
  endpoint: string,
  configName: string,
  context: BringContext,
  how?: DeploymentConfig,
): Promise<EndpointNow> {
  for (let tries = 1; ; tries += 1) {
    try {
      await context.api.update(endpoint, configName, how);
      return await settled(endpoint, context);
    } catch (error) {
      if (!isInProgress(error as Error) || tries === TRIES) throw error;
      const now = await settled(endpoint, context);
      if (isServing(now, { configName })) return now;
    }
  }
}

/** Of an endpoint that never came into service AWS lets nothing be done but to delete it. */
async function makeAnew(
  task: Bring,
  { failureReason }: EndpointNow,
  context: BringContext,
): Promise<EndpointNow> {
  const { endpointName, configName } = task;
  context.status(`the endpoint is Failed (${failureReason ?? "no reason"}): making it anew`);
  const tags = (await context.api.tags(endpointName)) ?? [];
  await context.api.delete(endpointName);
  await untilGone(endpointName, context);
  await context.api.create(endpointName, configName, tags);
  return settled(endpointName, context);
}

/** What is wrong with a model, and what to do about it, where that is nothing in the model. */
interface Wrong {
  text: string;
  next?: string;
}

/** What is wrong with the answer; undefined where it is right. */
async function ask(
  { endpointName, smoke }: Bring,
  body: Uint8Array,
  api: RolloutApi,
  signal: AbortSignal | undefined,
): Promise<Wrong | undefined> {
  for (let tries = 1; ; tries += 1) {
    const answer = await api.invoke(endpointName, body, contentTypeOf(smoke.request), signal);
    if (answer.status === undefined && tries < TRIES) continue;
    if (answer.status === 200) {
      const text = wrongWith(answer.body, smoke);
      return text === undefined ? undefined : { text };
    }
    const status = answer.status === undefined ? "No answer in time" : `HTTP ${answer.status}`;
    return { text: `${status}: ${scriptError(answer.body.split("\n")).join("\n")}` };
  }
}

async function refusedBySageMaker(
  task: Bring,
  before: Earlier | undefined,
  now: EndpointNow,
  since: number,
  context: BringContext,
): Promise<string> {
  const { endpointName, model } = task;
  const lines = await logOf(endpointName, since, context);
  return [
    `The endpoint ${endpointName} did not take the model of ${nameOf(model)}: ${now.failureReason ?? stateOf(now, before)}`,
    ...lines.map((line) => `  ${line}`),
    inService(endpointName, now, before),
    nextFor(endpointName, now.failureReason),
  ].join("\n");
}

/** Without a reason of SageMaker's there was no rollback: another update took this one's place. */
const stateOf = ({ status, configName }: EndpointNow, before: Earlier | undefined): string =>
  status === "InService" && configName !== before?.configName
    ? `it has the configuration ${configName}, which somebody else brought in`
    : `it is ${status}`;

/** What the script said when it failed, as soon as CloudWatch has it. */
async function logOf(
  endpoint: string,
  since: number,
  { api, clock, signal }: BringContext,
): Promise<string[]> {
  for (let looks = 0; ; looks += 1) {
    // Without the right to read logs the reason is still worth telling.
    const lines = scriptError(await api.logSince(endpoint, since).catch(() => []));
    if (lines.length > 0 || looks === LOG_LOOKS || signal?.aborted) return lines;
    // What SageMaker said is told after a ^C, too.
    await clock.sleep(pauseAfter(looks), signal).catch(() => undefined);
  }
}

/** Puts the configuration before in the place of one that answers wrongly; all at once, as every request goes wrong meanwhile. */
async function takeBack(
  task: Bring,
  earlier: Earlier | undefined,
  fault: Wrong,
  context: BringContext,
): Promise<string> {
  const { endpointName, smoke, model, configName } = task;
  const before = earlier?.configName === configName ? undefined : earlier;
  const end = before
    ? await broughtBack(task, before, context)
    : `The endpoint ${endpointName} goes on with it, as no other model was in service before.`;
  return [
    `The model of ${nameOf(model)} did not answer the smoke request ${smoke.request} rightly at the endpoint ${endpointName}: ${fault.text}`,
    end,
    fault.next ?? nextFor(endpointName),
  ].join("\n");
}

async function broughtBack(
  { endpointName: endpoint, deploymentConfig }: Bring,
  before: Earlier,
  context: BringContext,
): Promise<string> {
  context.status(
    `bringing back ${before.model ? `the model of ${before.model.trainingJobName}` : before.configName}`,
  );
  try {
    return inService(endpoint, await update(endpoint, before.configName, context), before);
  } catch (error) {
    // Whatever it is: what is wrong with the model must be told, too.
    if (context.signal?.aborted) return wayBackCutOff(before);
    return notBroughtBack(endpoint, before, error, deploymentConfig !== undefined);
  }
}
