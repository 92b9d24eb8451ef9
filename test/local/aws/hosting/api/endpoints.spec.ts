import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { DeploymentConfig } from "@aws-sdk/client-sagemaker";
import { Endpoints } from "../../../../../local/aws/hosting/api/endpoints.ts";
import type { Hosting, VariantChange } from "../../../../../local/aws/hosting/deploy/hosting.ts";
import type {
  ConfigRecord,
  DeployedVariant,
  EndpointRecord,
  ModelRecord,
} from "../../../../../local/aws/hosting/records/record.ts";
import { openStores } from "../../../../../local/aws/hosting/records/stores.ts";

const CALLER = { accessKey: "AKIA", region: "us-east-1", account: "111122223333", service: "sagemaker" };

describe("weights and capacities of an endpoint's variants", () => {
  let dir: string;
  let endpoints: Endpoints;
  let changed: VariantChange[] | undefined;

  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "local-aws-endpoints-"));
    changed = undefined;
    const stores = openStores(dir, () => {});
    const variant = (VariantName: string, weight: number) =>
      ({ variant: { VariantName }, model: {}, weight, count: 1 }) as unknown as DeployedVariant;
    const request = {
      EndpointConfigName: "c",
      ProductionVariants: [{ VariantName: "b", ModelName: "m", InitialInstanceCount: 1 }],
    };
    const made = { region: "us-east-1", arn: "a", tags: {}, creationTime: 0 };
    stores.models.save({ ...made, request: { ModelName: "m" } } as unknown as ModelRecord);
    stores.configs.save({ ...made, request } as unknown as ConfigRecord);
    stores.endpoints.save({
      ...{ name: "e", region: "us-east-1", arn: "arn:aws:sagemaker:us-east-1:111122223333:endpoint/e" },
      ...{ tags: {}, creationTime: 0, lastModifiedTime: 0, status: "InService", processes: [] },
      current: { variants: [variant("a", 1), variant("b", 0)] },
    } as unknown as EndpointRecord);
    const hosting = {
      update: () => {},
      change: (_: EndpointRecord, changes: VariantChange[]) => (changed = changes),
    };
    endpoints = new Endpoints({
      ...{ stores, hosting: hosting as unknown as Hosting, now: () => 0 },
      alarms: async (names) => names.filter((name) => name === "there"),
    });
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const reweigh = (...wanted: object[]) =>
    endpoints.reweigh(
      { EndpointName: "e", DesiredWeightsAndCapacities: wanted as { VariantName: string }[] },
      CALLER,
    );

  it("change as asked", () => {
    reweigh({ VariantName: "b", DesiredWeight: 2 }, { VariantName: "a", DesiredWeight: 0 });
    assert.deepEqual(
      changed?.map(({ variant, weight }) => [variant, weight]),
      [
        ["b", 2],
        ["a", 0],
      ],
    );
  });

  for (const [what, wanted, said] of [
    [
      "a variant that is named twice, of which one would pass the limit",
      [
        { VariantName: "a", DesiredInstanceCount: 2 },
        { VariantName: "a", DesiredInstanceCount: 500 },
      ],
      /more than once/,
    ],
    ["weights that leave nobody to answer", [{ VariantName: "a", DesiredWeight: 0 }], /greater than zero/],
    ["a variant that is not there", [{ VariantName: "c" }], /Could not find variant "c"/],
  ] as [string, object[], RegExp][]) {
    it(`refuse ${what}`, () => {
      assert.throws(() => reweigh(...wanted), { message: said });
      assert.equal(changed, undefined);
    });
  }

  it("are refused where an update would retain a weight that leaves nobody to answer", async () => {
    const update = (RetainAllVariantProperties: boolean) =>
      endpoints.update({ EndpointName: "e", EndpointConfigName: "c", RetainAllVariantProperties }, CALLER);
    await assert.rejects(update(true), { message: /greater than zero/ });
    await update(false);
  });

  it("are not touched by an update whose alarm is not there, or whose variants are called otherwise", async () => {
    const wait = { Type: "ALL_AT_ONCE", WaitIntervalInSeconds: 1 } as const;
    const update = (DeploymentConfig: DeploymentConfig) =>
      endpoints.update({ EndpointName: "e", EndpointConfigName: "c", DeploymentConfig }, CALLER);
    const alarms = (...names: string[]) => ({
      AutoRollbackConfiguration: { Alarms: names.map((AlarmName) => ({ AlarmName })) },
    });
    await assert.rejects(update(alarms("there", "gone")), { message: /Could not find .* gone of Auto/ });
    await assert.rejects(update({ BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: wait } }), {
      message: /the endpoint has a, b, the new endpoint configuration b/,
    });
    assert.equal(endpoints.describe({ EndpointName: "e" }, CALLER).EndpointStatus, "InService");
    await update(alarms("there"));
  });
});
