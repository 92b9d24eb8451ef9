import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { DeployedVariant, EndpointRecord } from "../../../../../local/aws/hosting/records/record.ts";
import { Fleet } from "../../../../../local/aws/hosting/serve/fleet.ts";
import type { ModelSession, ServingContext } from "../../../../../local/aws/hosting/serve/launch.ts";

const variant = (name: string): DeployedVariant => ({
  variant: { VariantName: name, InstanceType: "ml.m5.large" },
  model: { ModelName: name, PrimaryContainer: {} },
  ...{ weight: 1, count: 1 },
});

describe("the instances of a deployment", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "fleet-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("that fails are made no further: its end waits for those that are still on their way", async () => {
    let arrive: (session: ModelSession) => void = () => undefined;
    const late = new Promise<ModelSession>((resolve) => {
      arrive = resolve;
    });
    const session = async ({ variant: { VariantName } }: DeployedVariant) => {
      if (VariantName === "late") return late;
      throw new Error("no such role");
    };
    const context = { workDir: dir, socketDir: dir, session } as unknown as ServingContext;
    const endpoint = { name: "e", region: "us-east-1" } as EndpointRecord;
    const deployment = { id: "1", configName: "c", variants: [variant("wrong"), variant("late")] };
    const fleet = new Fleet(context, endpoint, deployment, () => undefined);
    await assert.rejects(fleet.start(new AbortController().signal), /no such role/);
    const order: string[] = [];
    const stopped = fleet.stop().then(() => order.push("stopped"));
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
    order.push("arrived");
    arrive({} as ModelSession);
    await stopped;
    assert.deepEqual(order, ["arrived", "stopped"]);
    assert.equal(existsSync(path.join(dir, "e", "1")), false, "nothing is made after the end");
    assert.equal(fleet.choose("late"), undefined);
    assert.deepEqual(fleet.processes, []);
  });

  it("need nothing of AWS to become fewer", async () => {
    const session = () => Promise.reject(new Error("no such role"));
    const context = { workDir: dir, socketDir: dir, session } as unknown as ServingContext;
    const endpoint = { name: "e", region: "us-east-1" } as EndpointRecord;
    const deployment = { id: "1", configName: "c", variants: [variant("a")] };
    const fleet = new Fleet(context, endpoint, deployment, () => undefined);
    const { signal } = new AbortController();
    await assert.rejects(fleet.scale("a", 1, signal), /no such role/);
    await fleet.scale("a", 0, signal);
  });
});
