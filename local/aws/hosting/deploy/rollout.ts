import type { CapacitySize, DeploymentConfig } from "@aws-sdk/client-sagemaker";
import { validationError } from "../../sagemaker/errors.ts";
import type { Deployment } from "../records/record.ts";

/** A share of the requests that the new fleet gets, from 0 to 1, and the seconds that it is then watched. */
export interface Step {
  share: number;
  waitSeconds: number;
}

export interface Rollout {
  steps: Step[];
  /** Seconds that the old fleet stays after the last step. */
  terminationWaitSeconds: number;
  /** Alarms of CloudWatch which, when they go off meanwhile, bring the old fleet back. */
  alarms: string[];
}

/** How an update is to go, by its deployment configuration; without one all requests move at once. */
export function rolloutOf(config: DeploymentConfig | undefined, instances: number): Rollout {
  const { BlueGreenUpdatePolicy: blueGreen, RollingUpdatePolicy: rolling } = config ?? {};
  const alarms = alarmsOf(config);
  const terminationWaitSeconds = blueGreen?.TerminationWaitInSeconds ?? 0;
  const stepped = (step: number, waitSeconds: number) => ({
    steps: shares(step).map((share) => ({ share, waitSeconds })),
    ...{ terminationWaitSeconds, alarms },
  });
  if (rolling) {
    return stepped(shareOf(rolling.MaximumBatchSize, instances), rolling.WaitIntervalInSeconds ?? 0);
  }
  const routing = blueGreen?.TrafficRoutingConfiguration;
  const wait = routing?.WaitIntervalInSeconds ?? 0;
  if (routing?.Type === "LINEAR") return stepped(shareOf(routing.LinearStepSize, instances), wait);
  const canary = routing?.Type === "CANARY" ? [shareOf(routing.CanarySize, instances), 1] : [1];
  const steps = canary.map((share) => ({ share, waitSeconds: wait }));
  return { steps, terminationWaitSeconds, alarms };
}

export const alarmsOf = (config: DeploymentConfig | undefined): string[] =>
  config?.AutoRollbackConfiguration?.Alarms?.flatMap(({ AlarmName }) => AlarmName ?? []) ?? [];

function shareOf(size: CapacitySize | undefined, instances: number): number {
  const { Type, Value = 1 } = size ?? {};
  return Math.min(1, Type === "CAPACITY_PERCENT" ? Value / 100 : Value / Math.max(1, instances));
}

/** Steps up to all: 0.3, 0.6, 0.9, 1. */
function shares(step: number): number[] {
  const count = Math.ceil(1 / step - 1e-9);
  return Array.from({ length: count }, (_, index) => Math.min(1, (index + 1) * step));
}

/** The rules of a DeploymentConfig that no single field shows (API reference, TrafficRoutingConfig and CapacitySize). */
export function checkDeploymentConfig(config: DeploymentConfig | undefined): void {
  const { BlueGreenUpdatePolicy: blueGreen, RollingUpdatePolicy: rolling } = config ?? {};
  if (blueGreen && rolling) {
    throw validationError("You cannot specify both BlueGreenUpdatePolicy and RollingUpdatePolicy.");
  }
  const most = blueGreen?.MaximumExecutionTimeoutInSeconds ?? rolling?.MaximumExecutionTimeoutInSeconds;
  const waits =
    (blueGreen?.TerminationWaitInSeconds ?? 0) +
    (blueGreen?.TrafficRoutingConfiguration?.WaitIntervalInSeconds ?? rolling?.WaitIntervalInSeconds ?? 0);
  if (most !== undefined && most <= waits) {
    throw validationError(
      `MaximumExecutionTimeoutInSeconds must be larger than the ${waits} seconds of TerminationWaitInSeconds and WaitIntervalInSeconds.`,
    );
  }
  const { Type, CanarySize: canary, LinearStepSize: linear } = blueGreen?.TrafficRoutingConfiguration ?? {};
  const needed = Type === "CANARY" ? !canary : Type === "LINEAR" ? !linear : false;
  if (needed || (Type !== "CANARY" && canary) || (Type !== "LINEAR" && linear)) {
    throw validationError(
      "CanarySize must be specified with the traffic routing type CANARY only, and LinearStepSize with LINEAR only.",
    );
  }
  for (const [name, size, least] of [
    ["CanarySize", canary, 1],
    ["LinearStepSize", linear, 10],
  ] as const) {
    if (size?.Type !== "CAPACITY_PERCENT") continue;
    if ((size.Value ?? 0) < least || (size.Value ?? 0) > 50) {
      throw validationError(`${name} must be ${least} to 50 percent of the capacity.`);
    }
  }
}

/**
 * What an update with a deployment configuration cannot do (Developer Guide, "Deployment guardrails", "Exclusions"; in words of this
 * project, as SageMaker's are not public). Serverless endpoints have blue/green updates like all others.
 */
export function checkGuardrails(
  config: DeploymentConfig | undefined,
  next: Deployment,
  current: Deployment,
): void {
  if (!config?.BlueGreenUpdatePolicy && !config?.RollingUpdatePolicy) return;
  const namesOf = ({ variants }: Deployment) =>
    variants.map(({ variant }) => variant.VariantName ?? "").sort();
  const [before, after] = [namesOf(current), namesOf(next)];
  if (before.join() !== after.join()) {
    throw validationError(
      `A deployment with guardrails must keep the names of the production variants: the endpoint has ${before.join(", ")}, the new endpoint configuration ${after.join(", ")}.`,
    );
  }
  if (!config.RollingUpdatePolicy) return;
  if (next.variants.length > 1) {
    throw validationError(
      "RollingUpdatePolicy is not supported for endpoints with multiple production variants.",
    );
  }
  if ([...next.variants, ...current.variants].some(({ variant }) => variant.ServerlessConfig)) {
    throw validationError("RollingUpdatePolicy is not supported for serverless endpoints.");
  }
}
