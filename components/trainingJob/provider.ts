import { randomUUID } from "node:crypto";
import * as nodeModule from "node:module";
import type {
  CheckResult,
  ConfigureRequest,
  CreateResult,
  DiffResult,
  ReadResult,
  ResourceProvider,
  UpdateResult,
} from "@pulumi/pulumi/dynamic";
import type { CanonicalInputs } from "./args/args";
import { isUnknown } from "./args/unknown";
import { awsApi, awsClients } from "./aws/sdk";
import { awsSession, type ConfigReader } from "./aws/session";
import { removeJobs } from "./change/remove";
import { updateInPlace } from "./change/updateInPlace";
import { type CheckFailure, checkInputs } from "./check/check";
import { fingerprintChannels } from "./check/fingerprint";
import { announceCost } from "./cost/announce";
import { costOfAttempts } from "./cost/cost";
import { coversAll, LivePriceReader } from "./cost/livePrices";
import { type Clock, systemClock } from "./engine/clock";
import { connectEngine, type Engine, onEngineCancel } from "./engine/engine";
import { experimentName, ownerOf } from "./identity/identity";
import { CancelledError, unlessCancelled } from "./run/errors";
import { keepPartial } from "./run/partial";
import { Progress } from "./run/progress";
import type { Region } from "./run/region";
import { hasArtifact, type RunContext, run } from "./run/run";
import { Watcher } from "./run/watcher";
import { compare } from "./state/compare";
import { type Attempt, factsOf, type TrainingJobFacts, toState } from "./state/facts";
import { redacted, redactingEngine, redactor } from "./state/redact";
import type { TrainingJobState } from "./state/state";

export interface ProviderDependencies {
  engine: Engine;
  clock: Clock;
  region(name: string | undefined, config: ConfigReader): Region;
}

/**
 * Checks, runs, updates and deletes training jobs for the dynamic resource. One instance serves every job of a deployment, so that
 * they share one watcher. The methods are those of Pulumi's dynamic.ResourceProvider.
 */
export class TrainingJobProvider implements ResourceProvider {
  readonly #with: ProviderDependencies;
  readonly #regions = new Map<string, Region>();
  readonly #prices = new Map<Region, LivePriceReader>();
  readonly #warned = new Set<string>();
  readonly #inFlight = new Set<AbortController>();
  #config: ConfigReader = () => undefined;

  constructor(dependencies: ProviderDependencies) {
    this.#with = dependencies;
  }

  /** Hands over the stack's configuration, before any other call. */
  async configure({ config }: ConfigureRequest): Promise<void> {
    this.#config = (key) => config.get(key);
  }

  /** Ends every operation in flight; each leaves its job recorded in the state. */
  cancel(): void {
    for (const operation of this.#inFlight) operation.abort(new CancelledError());
  }

  async check(olds: Partial<TrainingJobState>, news: Record<string, unknown>): Promise<CheckResult> {
    const { inputs, failures, warnings } = checkInputs(news);
    await this.#warn(inputs, warnings);
    if (isUnknown(inputs.region)) return { inputs, failures }; // where to look is not known yet
    if (failures.length === 0) {
      const found = await fingerprintChannels(inputs, () => this.#region(inputs.region).api, olds ?? {});
      failures.push(...found.failures);
      await this.#warn(inputs, found.warnings);
    }
    if (failures.length === 0) await this.#readPrices(olds ?? {}, inputs);
    const isNew = Object.keys(olds ?? {}).length === 0;
    if (failures.length === 0 && isNew) {
      announceCost(inputs, this.#region(inputs.region).name, this.#with.engine);
      await this.#with.engine.flush();
    }
    return { inputs, failures };
  }

  async diff(_id: string, olds: TrainingJobState, news: CanonicalInputs): Promise<DiffResult> {
    const { explanation, ...difference } = compare(olds, news);
    if (explanation) this.#with.engine.log(news.logUrn, "info", explanation);
    await this.#with.engine.flush();
    return difference;
  }

  async create(inputs: CanonicalInputs): Promise<CreateResult> {
    const id = inputs.adopt ?? experimentName(inputs);
    return { id, outs: toState({ ...inputs, ...(await this.#run(id, inputs)) }) };
  }

  async update(id: string, olds: TrainingJobState, news: CanonicalInputs): Promise<UpdateResult> {
    // Not completed: the deployment that started it was cancelled or killed. It is picked up where it is.
    const facts = olds.status === "Completed" ? pickFacts(olds) : await this.#run(id, news);
    const region = this.#region(news.region);
    const updated = await updateInPlace(olds, news, facts, region, this.#progress(news));
    const cost = costOfAttempts(news, region.name, updated.attempts);
    return { outs: toState({ ...news, ...updated, cost }) };
  }

  async read(id: string, state: TrainingJobState): Promise<ReadResult> {
    const region = this.#region(state.region);
    const job = await region.api.describe(state.trainingJobName ?? id);
    if (!job) return { id: "", props: {} };
    const earlier = (state.attempts ?? []).filter((each) => each.trainingJobName !== job.TrainingJobName);
    const facts = { ...factsOf(state, region.name, job, earlier), claim: state.claim };
    if (!(await hasArtifact(region.api, job))) facts.modelArtifact = undefined;
    return { id, props: toState({ ...state, modelArtifact: undefined, ...facts }) };
  }

  async delete(_id: string, state: TrainingJobState): Promise<void> {
    await this.#operation((signal) =>
      removeJobs(state, {
        ...this.#region(state.region),
        clock: this.#with.clock,
        progress: this.#progress(state),
        signal,
      }),
    );
  }

  /** Once for a deployment: the engine checks a resource again when it replaces it. */
  async #warn({ logUrn }: CanonicalInputs, warnings: CheckFailure[]): Promise<void> {
    for (const { property, reason } of warnings) {
      const text = `${property}: ${reason}${/[.?]$/.test(reason) ? "" : "."}`;
      if (this.#warned.has(`${logUrn} ${text}`)) continue;
      this.#warned.add(`${logUrn} ${text}`);
      this.#with.engine.log(logUrn, "warning", text);
    }
    await this.#with.engine.flush();
  }

  /** Puts the prices into the inputs, so that every figure of the run rests on the same ones; those of the state are good enough. */
  async #readPrices(olds: Partial<TrainingJobState>, inputs: CanonicalInputs): Promise<void> {
    delete inputs.prices;
    if (inputs.livePrices !== true) return;
    const region = this.#region(inputs.region);
    const reader = this.#prices.get(region) ?? new LivePriceReader(region.api, region.name, this.#with.clock);
    this.#prices.set(region, reader);
    inputs.prices = coversAll(olds.prices, inputs) ? olds.prices : await reader.pricesFor(inputs);
  }

  async #run(id: string, inputs: CanonicalInputs): Promise<TrainingJobFacts> {
    const region = this.#region(inputs.region);
    let known: TrainingJobFacts | undefined;
    return this.#operation(async (signal) => {
      const context: RunContext = {
        inputs,
        region: region.name,
        owner: ownerOf(inputs),
        claim: randomUUID(),
        api: region.cancellable(signal),
        watcher: region.watcher,
        clock: this.#with.clock,
        progress: this.#progress(inputs),
        signal,
        following: () => this.#inFlight.size,
        onJob: (job, earlier: Attempt[]) => {
          known = {
            ...factsOf(inputs, region.name, job, earlier),
            modelArtifact: undefined,
            claim: context.claim,
          };
        },
      };
      try {
        return await unlessCancelled(run(context), signal);
      } catch (error) {
        throw await keepPartial(id, inputs, known, redacted(error as Error, redactor(inputs)), region.api);
      }
    });
  }

  async #operation<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const operation = new AbortController();
    this.#inFlight.add(operation);
    try {
      return await work(operation.signal);
    } finally {
      this.#inFlight.delete(operation);
      await this.#with.engine.flush();
    }
  }

  #progress(inputs: CanonicalInputs): Progress {
    return new Progress({
      engine: redactingEngine(this.#with.engine, redactor(inputs)),
      urn: inputs.logUrn,
      metricDefinitions: inputs.algorithmSpecification?.metricDefinitions ?? [],
      hosts: inputs.resourceConfig?.instanceCount ?? 1,
      now: () => this.#with.clock.now(),
    });
  }

  #region(name: string | undefined): Region {
    const key = name ?? "";
    const region = this.#regions.get(key) ?? this.#with.region(name, this.#config);
    this.#regions.set(key, region);
    return region;
  }
}

const FACTS: (keyof TrainingJobFacts)[] = [
  "trainingJobName",
  "trainingJobArn",
  "claim",
  "status",
  "secondaryStatus",
  "image",
  "modelArtifact",
  "attempts",
  "timeline",
  "metrics",
  "trainingSeconds",
  "billableSeconds",
  "cost",
  "logGroup",
  "logUrl",
  "consoleUrl",
  "failureReason",
];

function pickFacts(state: TrainingJobState): TrainingJobFacts {
  return Object.fromEntries(FACTS.map((key) => [key, state[key]])) as unknown as TrainingJobFacts;
}

/** The provider of a deployment: the engine that started this process, the system's clock, and AWS. */
export function createProvider(): TrainingJobProvider {
  const provider = new TrainingJobProvider({
    engine: connectEngine(process.argv[2]),
    clock: systemClock,
    region: (name, config) => {
      const session = awsSession(config, name);
      const clients = awsClients(session);
      const api = awsApi(clients);
      return {
        name: session.region,
        api,
        watcher: new Watcher(api, systemClock),
        cancellable: (signal) => awsApi(clients, signal),
      };
    },
  });
  onEngineCancel(() => provider.cancel());
  // The engine kills this process: what NODE_COMPILE_CACHE is to keep must be written before that. Node 20 has no such cache.
  nodeModule.flushCompileCache?.();
  return provider;
}
