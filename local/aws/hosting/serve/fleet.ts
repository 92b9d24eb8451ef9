import { rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { JobProcess } from "../../sagemaker/record.ts";
import type { DeployedVariant, Deployment, EndpointRecord } from "../records/record.ts";
import { Instance } from "./instance.ts";
import { endpointDir, launchServer, modelDir, type ServingContext } from "./launch.ts";
import { fetchModel } from "./modelFiles.ts";

/** A container must answer its first ping within 8 minutes (Developer Guide, "Custom Inference Code with Hosting Services"). */
const startupSeconds = 480;
/** A request takes 60 seconds at most; after that nobody waits for its answer. */
const longestRequestMs = 61_000;
const drainPollMs = 20;

/** The instances of one variant. */
interface Variant {
  deployed: DeployedVariant;
  instances: Instance[];
}

let sockets = 0;

/** Everything that runs for one deployment of an endpoint. */
export class Fleet {
  readonly deployment: Deployment;
  private readonly context: ServingContext;
  private readonly endpoint: EndpointRecord;
  private readonly variants: Variant[];
  /** Told whenever {@link processes} are others. */
  private readonly onProcess: () => void;
  private readonly ending = new AbortController();
  /** What is being made; one that failed does not wait for the others, {@link stop} does. */
  private readonly growing = new Set<Promise<void>>();

  constructor(
    context: ServingContext,
    endpoint: EndpointRecord,
    deployment: Deployment,
    onProcess: () => void,
  ) {
    this.context = context;
    this.endpoint = endpoint;
    this.deployment = deployment;
    this.onProcess = onProcess;
    this.variants = deployment.variants.map((deployed) => ({ deployed, instances: [] }));
  }

  get processes(): JobProcess[] {
    return this.variants.flatMap(({ instances }) => instances.flatMap((instance) => instance.process ?? []));
  }

  /** Resolves when every instance is healthy. Throws why one is not; what has been started is for {@link stop}. */
  async start(signal: AbortSignal): Promise<void> {
    await Promise.all(this.variants.map((variant) => this.grow(variant, variant.deployed.count, signal)));
  }

  /** Brings one variant to a number of instances: new ones are healthy before it resolves, those in excess end their requests. */
  async scale(name: string, count: number, signal: AbortSignal): Promise<void> {
    const variant = this.variants.find(({ deployed }) => deployed.variant.VariantName === name);
    if (!variant) return;
    await this.grow(variant, count, signal);
    await end(variant.instances.splice(count));
  }

  /** The instance with the least to do among those of a variant that are healthy; undefined where there is none. */
  choose(name: string): Instance | undefined {
    const variant = this.variants.find(({ deployed }) => deployed.variant.VariantName === name);
    const ready = (variant?.instances ?? []).filter(({ isReady }) => isReady);
    return ready.sort((a, b) => a.inFlight - b.inFlight)[0];
  }

  /** Ends the requests that are under way, then the instances; removes their files unless told to keep what came from S3. */
  async stop({ keepModels = false }: { keepModels?: boolean } = {}): Promise<void> {
    this.ending.abort();
    await Promise.allSettled(this.growing);
    await end(this.variants.flatMap(({ instances }) => instances.splice(0)));
    this.onProcess();
    if (keepModels) return;
    const dir = path.join(endpointDir(this.context, this.endpoint), this.deployment.id);
    await rm(dir, { recursive: true, force: true });
  }

  private async grow(variant: Variant, count: number, closing: AbortSignal): Promise<void> {
    // Also a way back, which must not need anything of AWS.
    if (variant.instances.length >= count) return;
    const made = this.make(variant, count, AbortSignal.any([closing, this.ending.signal]));
    this.growing.add(made);
    try {
      await made;
    } finally {
      this.growing.delete(made);
    }
  }

  private async make(variant: Variant, count: number, signal: AbortSignal): Promise<void> {
    const { context, endpoint, deployment } = this;
    const { deployed } = variant;
    const { s3 } = await context.session(deployed, endpoint);
    await fetchModel(s3, deployed.model, modelDir(context, { endpoint, deployment, deployed }), signal);
    signal.throwIfAborted();
    const made: Instance[] = [];
    while (variant.instances.length < count) {
      const instance = this.instance(deployed, variant.instances.length + 1);
      variant.instances.push(instance);
      made.push(instance);
    }
    const onAbort = () => made.forEach((instance) => void instance.stop());
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      await Promise.all(made.map((instance) => instance.start()));
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  private instance(deployed: DeployedVariant, number: number): Instance {
    const { context, endpoint, deployment } = this;
    sockets += 1;
    const socketPath = path.join(context.socketDir, String(sockets % 100_000));
    return new Instance({
      variant: deployed.variant.VariantName ?? "",
      socketPath,
      launch: () => launchServer(context, { endpoint, deployment, deployed, number, socketPath }),
      startupSeconds: deployed.variant.ContainerStartupHealthCheckTimeoutInSeconds ?? startupSeconds,
      onProcess: this.onProcess,
      log: (line) => context.log(`${endpoint.name}: ${line}`),
    });
  }
}

/** Nothing new reaches them: what they are working on is answered first. */
async function end(instances: Instance[]): Promise<void> {
  const deadline = Date.now() + longestRequestMs;
  while (instances.some(({ inFlight }) => inFlight > 0) && Date.now() < deadline) await sleep(drainPollMs);
  await Promise.all(instances.map((instance) => instance.stop()));
}
