import assert from "node:assert/strict";
import type { DeploymentConfig } from "@aws-sdk/client-sagemaker";
import {
  checkDeploymentConfig,
  checkGuardrails,
  rolloutOf,
} from "../../../../../local/aws/hosting/deploy/rollout.ts";
import type { Deployment } from "../../../../../local/aws/hosting/records/record.ts";

type Routing = NonNullable<DeploymentConfig["BlueGreenUpdatePolicy"]>["TrafficRoutingConfiguration"];

const blueGreen = (routing: Routing, TerminationWaitInSeconds?: number): DeploymentConfig => ({
  BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: routing, TerminationWaitInSeconds },
});
const canary = (
  Value: number,
  Type: "CAPACITY_PERCENT" | "INSTANCE_COUNT" = "CAPACITY_PERCENT",
): Routing => ({
  Type: "CANARY",
  WaitIntervalInSeconds: 60,
  CanarySize: { Type, Value },
});

describe("how an update rolls out", () => {
  const steps = (config: DeploymentConfig | undefined, instances = 4) =>
    rolloutOf(config, instances).steps.map(({ share, waitSeconds }) => [
      Number(share.toFixed(3)),
      waitSeconds,
    ]);

  it("moves everything at once without a configuration", () => {
    assert.deepEqual(rolloutOf(undefined, 1), {
      steps: [{ share: 1, waitSeconds: 0 }],
      terminationWaitSeconds: 0,
      alarms: [],
    });
  });

  it("watches all at once, a canary of so much percent or so many instances, and linear steps", () => {
    assert.deepEqual(steps(blueGreen({ Type: "ALL_AT_ONCE", WaitIntervalInSeconds: 30 })), [[1, 30]]);
    assert.deepEqual(steps(blueGreen(canary(10))), [
      [0.1, 60],
      [1, 60],
    ]);
    assert.deepEqual(steps(blueGreen(canary(1, "INSTANCE_COUNT"))), [
      [0.25, 60],
      [1, 60],
    ]);
    const size = { Type: "CAPACITY_PERCENT", Value: 30 } as const;
    const linear = blueGreen({ Type: "LINEAR", WaitIntervalInSeconds: 5, LinearStepSize: size });
    assert.deepEqual(steps(linear), [
      [0.3, 5],
      [0.6, 5],
      [0.9, 5],
      [1, 5],
    ]);
  });

  it("goes by batches in a rolling update, and names the alarms and the wait at the end", () => {
    const rolling = {
      MaximumBatchSize: { Type: "INSTANCE_COUNT", Value: 2 },
      WaitIntervalInSeconds: 7,
    } as const;
    assert.deepEqual(steps({ RollingUpdatePolicy: rolling }), [
      [0.5, 7],
      [1, 7],
    ]);
    const config = {
      ...blueGreen(canary(10), 90),
      AutoRollbackConfiguration: { Alarms: [{ AlarmName: "errors" }] },
    };
    const { alarms, terminationWaitSeconds } = rolloutOf(config, 1);
    assert.deepEqual({ alarms, terminationWaitSeconds }, { alarms: ["errors"], terminationWaitSeconds: 90 });
  });

  const wrong: [string, DeploymentConfig][] = [
    ["a canary without its size", blueGreen({ Type: "CANARY", WaitIntervalInSeconds: 1 })],
    ["a canary of more than half", blueGreen(canary(51))],
    [
      "steps of less than a tenth",
      blueGreen({
        ...{ Type: "LINEAR", WaitIntervalInSeconds: 1 },
        LinearStepSize: { Type: "CAPACITY_PERCENT", Value: 9 },
      }),
    ],
    [
      "both policies",
      {
        ...blueGreen(canary(10)),
        RollingUpdatePolicy: {
          MaximumBatchSize: { Type: "CAPACITY_PERCENT", Value: 10 },
          WaitIntervalInSeconds: 1,
        },
      },
    ],
  ];
  wrong.push([
    "less time than it waits",
    {
      BlueGreenUpdatePolicy: {
        ...blueGreen(canary(10), 600).BlueGreenUpdatePolicy,
        MaximumExecutionTimeoutInSeconds: 660,
      },
    } as DeploymentConfig,
  ]);
  for (const [what, config] of wrong) {
    it(`is refused for ${what}`, () => {
      assert.throws(() => checkDeploymentConfig(config), { code: "ValidationException" });
    });
  }

  it("keeps the variants' names, and rolls no serverless and no several variants", () => {
    const deployed = (...variants: object[]) =>
      ({
        variants: variants.map((variant) => ({ variant: { VariantName: "v", ...variant } })),
      }) as unknown as Deployment;
    const one = deployed({});
    const serverless = deployed({ ServerlessConfig: {} });
    const many = deployed({}, { VariantName: "w" });
    const MaximumBatchSize = { Type: "INSTANCE_COUNT", Value: 1 } as const;
    const rolling = { RollingUpdatePolicy: { MaximumBatchSize, WaitIntervalInSeconds: 1 } };
    const refused = { code: "ValidationException" };
    assert.throws(
      () => checkGuardrails(blueGreen(canary(10)), deployed({ VariantName: "other" }), one),
      refused,
    );
    assert.throws(() => checkGuardrails(rolling, serverless, serverless), refused);
    assert.throws(() => checkGuardrails(rolling, many, many), refused);
    checkGuardrails(rolling, one, one);
    checkGuardrails(blueGreen(canary(10)), serverless, serverless);
    checkGuardrails(undefined, many, one);
  });

  it("is not refused for what is right", () => {
    checkDeploymentConfig(undefined);
    checkDeploymentConfig(blueGreen(canary(50)));
  });
});
