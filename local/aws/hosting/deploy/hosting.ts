import { rm } from "node:fs/promises";
import type { EndpointStatus } from "@aws-sdk/client-sagemaker";
import type { RecordStore } from "../../sagemaker/recordStore.ts";
import { endLeftovers } from "../../training/process/processes.ts";
import { type Deployment, type EndpointRecord, endpointKey } from "../records/record.ts";
import { Fleet } from "../serve/fleet.ts";
import { endpointDir, type ServingContext } from "../serve/launch.ts";
import { removeLeftFolders } from "./leftFolders.ts";
import { LiveEndpoint } from "./liveEndpoint.ts";
import { moveTo, type ReplaceOptions } from "./replace.ts";
import { rolloutOf } from "./rollout.ts";

export interface HostingOptions extends ServingContext, ReplaceOptions {
  store: RecordStore<EndpointRecord>;
}

/** A new weight, or a new number of instances, of one variant. */
export interface VariantChange {
  variant: string;
  weight?: number;
  count?: number;
}

/** The endpoints that run in this process. What it does to one ends up in its record. */
export class Hosting {
  private readonly options: HostingOptions;
  private readonly live = new Map<string, LiveEndpoint>();
  private readonly work = new Set<Promise<void>>();
  private readonly closing = new AbortController();

  constructor(options: HostingOptions) {
    this.options = options;
  }

  /** What runs of an endpoint; undefined for one that does not. */
  find(record: EndpointRecord): LiveEndpoint | undefined {
    return this.live.get(endpointKey(record));
  }

  /** Deploys what is pending; the record says Creating. */
  create(record: EndpointRecord): void {
    this.begin(record, (live) => this.deployFirst(live));
  }

  /** Puts what is pending in the place of what answers; the record says Updating. */
  update(record: EndpointRecord): void {
    this.begin(record, (live) => this.replace(live));
  }

  /** Changes weights and capacities of what answers; the record says Updating. */
  change(record: EndpointRecord, changes: VariantChange[]): void {
    this.begin(record, (live) => this.rescale(live, changes));
  }

  /** Ends everything of an endpoint, and forgets it; the record says Deleting. */
  remove(record: EndpointRecord): void {
    this.begin(record, async (live) => {
      await Promise.all(live.fleets.map((fleet) => fleet.stop()));
      await rm(endpointDir(this.options, record), { recursive: true, force: true });
      this.live.delete(endpointKey(record));
      this.options.store.remove(record);
    });
  }

  /** Ends what a crash left behind. Only for the process that holds the lock of the state. */
  endLeftovers(): void {
    const { store, stateDir, log } = this.options;
    const ended = endLeftovers(
      store.all().flatMap(({ processes }) => processes),
      stateDir,
    );
    if (ended > 0) log(`ended ${ended} process(es) of endpoints that were there when the local AWS died`);
  }

  /** Brings the endpoints back that were there when the local AWS ended, and goes on with what it was doing to them. */
  resume(): void {
    const records = this.options.store.all();
    removeLeftFolders(this.options.workDir, records, (record) => endpointDir(this.options, record));
    for (const record of records) {
      record.processes = [];
      if (record.status === "Failed" && !record.current) continue;
      if (record.status === "Deleting") this.remove(record);
      else if (!record.current) this.create(record);
      else this.comeBack(record, record.current);
    }
  }

  /** Ends all model servers; the records stay as they are, for the next start. */
  async shutdown(): Promise<void> {
    this.closing.abort();
    await Promise.all(this.work);
    const fleets = [...this.live.values()].flatMap((live) => live.fleets);
    await Promise.all(fleets.map((fleet) => fleet.stop({ keepModels: true })));
    await rm(this.options.socketDir, { recursive: true, force: true });
    this.options.store.writeAgain();
  }

  private begin(record: EndpointRecord, work: (live: LiveEndpoint) => Promise<void>): void {
    const key = endpointKey(record);
    const live = this.live.get(key) ?? new LiveEndpoint(record);
    this.live.set(key, live);
    const done: Promise<void> = work(live)
      .catch((error: Error) => {
        if (this.closing.signal.aborted) return;
        this.options.log(`${record.name}: ${error.stack ?? error.message}`);
        // Else it would stay as it is for good: what is in progress can be neither changed nor deleted.
        const serves = live.blue !== undefined && record.status !== "Deleting";
        this.move(live, serves ? "InService" : "Failed", reasonOf(error));
      })
      .finally(() => this.work.delete(done));
    this.work.add(done);
  }

  private async deployFirst(live: LiveEndpoint): Promise<void> {
    const { record } = live;
    const { deployment, config } = record.pending ?? {};
    if (!deployment) return;
    live.blue = this.fleet(live, deployment);
    try {
      await live.blue.start(this.closing.signal);
    } catch (error) {
      await this.fail(live, error);
      return;
    }
    record.current = deployment;
    record.lastDeploymentConfig = config;
    record.pending = undefined;
    this.move(live, "InService");
  }

  private async comeBack(record: EndpointRecord, current: Deployment): Promise<void> {
    this.move(new LiveEndpoint(record), "SystemUpdating");
    this.begin(record, async (live) => {
      live.blue = this.fleet(live, current);
      try {
        await live.blue.start(this.closing.signal);
      } catch (error) {
        await this.fail(live, error);
        return;
      }
      if (!record.pending) return this.move(live, "InService", record.failureReason);
      this.move(live, "Updating");
      await this.replace(live);
    });
  }

  private async replace(live: LiveEndpoint): Promise<void> {
    const { record, blue } = live;
    if (!record.pending || !blue) return;
    const { deployment, config } = record.pending;
    const green = this.fleet(live, deployment);
    const rollout = rolloutOf(config, instancesOf(deployment));
    const { signal } = this.closing;
    // Found by shutdown from its first process on, and without a request before it is healthy.
    live.green = green;
    live.greenShare = 0;
    try {
      await moveTo(live, green, rollout, { ...this.options, signal });
    } catch (error) {
      signal.throwIfAborted();
      await this.rollBack(live, green, error);
      return;
    }
    live.blue = green;
    live.green = undefined;
    record.current = deployment;
    record.lastDeploymentConfig = config;
    record.pending = undefined;
    this.save(live);
    await this.options.sleep(rollout.terminationWaitSeconds * 1000, signal).catch(() => undefined);
    await blue.stop();
    if (!signal.aborted) this.move(live, "InService");
  }

  /** The old fleet, which has been there all the time, gets all requests again. */
  private async rollBack(live: LiveEndpoint, green: Fleet, error: unknown): Promise<void> {
    live.greenShare = 0;
    live.green = undefined;
    live.record.pending = undefined;
    this.move(live, "RollingBack", reasonOf(error));
    await green.stop();
    this.move(live, "InService", reasonOf(error));
  }

  private async rescale(live: LiveEndpoint, changes: VariantChange[]): Promise<void> {
    const { record, blue } = live;
    const before = structuredClone(record.current?.variants ?? []);
    try {
      for (const { variant, count } of changes) {
        if (count !== undefined) await blue?.scale(variant, count, this.closing.signal);
        set(record.current, variant, { count });
      }
    } catch (error) {
      this.closing.signal.throwIfAborted();
      this.move(live, "RollingBack", reasonOf(error));
      for (const { variant, count } of before) {
        const name = variant.VariantName ?? "";
        await blue?.scale(name, count, this.closing.signal);
        set(record.current, name, { count });
      }
      this.move(live, "InService", reasonOf(error));
      return;
    }
    for (const { variant, weight } of changes) set(record.current, variant, { weight });
    this.move(live, "InService");
  }

  private async fail(live: LiveEndpoint, error: unknown): Promise<void> {
    this.closing.signal.throwIfAborted();
    const { blue } = live;
    live.blue = undefined;
    await blue?.stop({ keepModels: live.record.current !== undefined });
    this.move(live, "Failed", reasonOf(error));
  }

  private fleet(live: LiveEndpoint, deployment: Deployment): Fleet {
    return new Fleet(this.options, live.record, deployment, () => {
      live.record.processes = live.fleets.flatMap((fleet) => fleet.processes);
      if (this.options.store.find(live.record.name, live.record.region)) this.save(live);
    });
  }

  private move({ record }: LiveEndpoint, status: EndpointStatus, failureReason?: string): void {
    Object.assign(record, { status, failureReason, lastModifiedTime: this.options.now() });
    this.options.store.saveSoon(record);
  }

  private save({ record }: LiveEndpoint): void {
    this.options.store.saveSoon(record);
  }
}

const instancesOf = ({ variants }: Deployment) => variants.reduce((sum, { count }) => sum + count, 0);

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error)).slice(0, 1024);

function set(
  deployment: Deployment | undefined,
  name: string,
  change: { weight?: number; count?: number },
): void {
  const found = deployment?.variants.find(({ variant }) => variant.VariantName === name);
  if (!found) return;
  found.weight = change.weight ?? found.weight;
  found.count = change.count ?? found.count;
}
