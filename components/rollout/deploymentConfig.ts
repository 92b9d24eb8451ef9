import type { DeploymentConfig } from "@aws-sdk/client-sagemaker";
import * as pulumi from "@pulumi/pulumi";
import { type Duration, durationSeconds } from "../trainingJob/args/duration";

export interface Rolling {
  /** Default: none, a serverless endpoint. */
  instanceType?: string;
  rollout: "allAtOnce" | "canary" | "linear";
  /** Percent of the capacity. */
  rolloutStep: number;
  rolloutWait: Duration;
}

/**
 * How SageMaker moves the requests of an endpoint with instances: blue/green, watched by the alarm after each step. Undefined for a
 * serverless endpoint, whose requests always move at once ("Deployment guardrails only apply to Asynchronous inference and Real-time
 * inference endpoint types", Developer Guide).
 */
export function deploymentConfigOf(
  { instanceType, rollout, rolloutStep, rolloutWait }: Rolling,
  alarm: pulumi.Input<string> | undefined,
): pulumi.Output<DeploymentConfig> | undefined {
  if (instanceType === undefined) return undefined;
  const size = { Type: "CAPACITY_PERCENT" as const, Value: rolloutStep };
  const routing = {
    allAtOnce: { Type: "ALL_AT_ONCE" as const },
    canary: { Type: "CANARY" as const, CanarySize: size },
    linear: { Type: "LINEAR" as const, LinearStepSize: size },
  }[rollout];
  return pulumi.output(alarm).apply((AlarmName) => ({
    BlueGreenUpdatePolicy: {
      TrafficRoutingConfiguration: { ...routing, WaitIntervalInSeconds: durationSeconds(rolloutWait) ?? 0 },
    },
    ...(AlarmName && { AutoRollbackConfiguration: { Alarms: [{ AlarmName }] } }),
  }));
}
