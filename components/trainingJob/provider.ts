import { randomUUID } from "node:crypto";
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
import type { CheckFailure } from "./args/failures";
import { hasUnknown, isUnknown } from "./args/unknown";
import { accountOf } from "./aws/arn";
import { mustBeIn } from "./aws/mustBeIn";
import { removeJobs } from "./change/remove";
import { updateKeepAlive, updateTags } from "./change/updateInPlace";
import { addDefaultTags } from "./check/addDefaultTags";
import { asWritten } from "./check/asWritten";
import { checkInputs, checkPlaces } from "./check/check";
import { missingData } from "./check/dataThere";
import { fingerprintChannels } from "./check/fingerprint";
import { Warnings } from "./check/warnings";
import { announceCost } from "./cost/announce";
import { costOfAttempts } from "./cost/cost";
import { coversAll, LivePriceReader } from "./cost/livePrices";
import { type Clock, systemClock } from "./engine/clock";
import { connectEngine, type Engine, engineAddress, onEngineCancel } from "./engine/engine";
import { onEngineGone } from "./engine/engineGone";
import { tuneV8 } from "./engine/v8";
import { resourceId } from "./identity/name";
import { ownershipOf } from "./identity/owner";
import { OwnerProvider } from "./ownerProvider";
import { hasArtifact } from "./run/artifact";
import { awsRegion } from "./run/awsRegion";
import type { RunContext } from "./run/context";
import { runAndRecord } from "./run/leaveRecord";
import { Operations } from "./run/operations";
import { ownJob } from "./run/ownJob";
import { keepPartial } from "./run/partial";
import { type Progress, progressOf } from "./run/progress";
import { type MakeRegion, type Region, Regions } from "./run/region";
import { asResult } from "./run/result";
import { compare } from "./state/compare";
import { type Attempt, factsOf, type TrainingJobFacts, toState } from "./state/facts";
import { pickFacts } from "./state/outputs";
import { redacted, redactor } from "./state/redact";
import { isResult } from "./state/result";
import { regionOf, type TrainingJobState } from "./state/state";

export interface ProviderDependencies {
  engine: Engine;
  clock: Clock;
  region: MakeRegion;
}

/**
 * Checks, runs, updates and deletes training jobs for the dynamic resource. One instance serves every job of a deployment, so that
 * they share one watcher. The methods are those of Pulumi's dynamic.ResourceProvider; what they do is in the folders beside this file,
 * in the order in which the data flows:
 *
 *     args model engine -> aws -> request -> identity cost -> check state -> record -> run -> change -> provider
 *
 * `args` is what a user may write, `check` refuses it or makes it canonical, `request` is what SageMaker is asked for, `identity` tells
 * which training that is and whose, `state` what Pulumi keeps, `record` what stays beside the model, `run` starts and follows jobs, `change` updates and ends
 * them. Each folder imports only from those before it. This file's path is stored in every state and never moves.
 */
export class TrainingJobProvider implements ResourceProvider {
  readonly owner: OwnerProvider;
  readonly #with: ProviderDependencies;
  readonly #operations: Operations;
  readonly #regions: Regions;
  readonly #prices = new Map<Region, LivePriceReader>();
  readonly #warnings: Warnings;
  /** Region and name of each job that this deployment runs or took over, and its claim: a tag may be late, or not allowed. */
  readonly #claims = new Map<string, string>();

  constructor(dependencies: ProviderDependencies) {
    this.#with = dependencies;
    this.#operations = new Operations(dependencies.engine);
    this.#warnings = new Warnings(dependencies.engine, redactor);
    this.#regions = new Regions(dependencies.region);
    this.owner = new OwnerProvider({ ...dependencies, operations: this.#operations, regions: this.#regions });
  }

  /** Hands over the stack's configuration, before any other call. */
  async configure({ config }: ConfigureRequest): Promise<void> {
    this.#regions.configure((key) => config.get(key));
  }

  /** Ends every operation in flight; each leaves its job recorded in the state. */
  cancel(): void {
    this.#operations.cancel();
  }

  /** Ends every operation in flight, as `cancel` does, and waits until each has done what it had to. */
  leave(): Promise<void> {
    this.cancel();
    return this.#operations.ended();
  }

  async check(before: Partial<TrainingJobState>, news: Record<string, unknown>): Promise<CheckResult> {
    const olds = before ?? {};
    const { inputs, failures, warnings } = checkInputs(news);
    await this.#warnings.tell(inputs, warnings);
    const isNew = Object.keys(olds).length === 0;
    // Where to look is not known yet.
    if (isUnknown(inputs.region) || hasUnknown(inputs.awsConfig))
      return { inputs, failures: asWritten(inputs, failures) };
    const isFound = inputs.region === undefined;
    failures.push(...this.#pinRegion(olds, inputs, isNew));
    if (isFound) {
      const found = checkPlaces(inputs);
      failures.push(...found.failures);
      await this.#warnings.tell(inputs, found.warnings);
    }
    if (failures.length === 0) {
      const leftOut = addDefaultTags(inputs, this.#regions.configOf(inputs));
      const api = () => this.#regions.of(inputs).api;
      const found = await fingerprintChannels(inputs, api, olds);
      failures.push(...found.failures);
      await this.#warnings.tell(inputs, [
        ...leftOut,
        ...found.warnings,
        ...(await missingData(inputs, api, olds)),
      ]);
    }
    if (failures.length === 0) await this.#readPrices(olds, inputs);
    if (failures.length === 0 && isNew) {
      announceCost(inputs, this.#regions.of(inputs).name, this.#with.engine);
      await this.#with.engine.flush();
    }
    return { inputs, failures: asWritten(inputs, failures) };
  }

  async diff(_id: string, olds: TrainingJobState, news: CanonicalInputs): Promise<DiffResult> {
    const { explanation, warnings = [], ...difference } = compare(olds, news);
    if (explanation) this.#progress(news).info(explanation);
    for (const each of warnings) this.#progress(news).warn(each);
    await this.#with.engine.flush();
    return difference;
  }

  async create(inputs: CanonicalInputs): Promise<CreateResult> {
    const id = resourceId(inputs);
    await mustBeIn(inputs.account, this.#regions.of(inputs).api, "The owner of this training's jobs is");
    return { id, outs: toState({ ...inputs, ...(await this.#run(id, inputs, undefined)) }) };
  }

  async update(id: string, olds: TrainingJobState, news: CanonicalInputs): Promise<UpdateResult> {
    const inputs = { ...news, region: regionOf(olds) ?? news.region };
    const region = this.#regions.of(inputs);
    await this.#mustBeHere(olds, region);
    await updateTags(olds, inputs, region);
    // At no end: the deployment that started it was cancelled or killed. It is picked up where it is.
    const ended = olds.status === "Completed" || isResult(olds, inputs.onFailure);
    const facts = ended ? pickFacts(olds) : await this.#run(id, inputs, olds);
    await this.#operations.run((signal) =>
      updateKeepAlive(olds, inputs, facts, {
        ...region,
        clock: this.#with.clock,
        progress: this.#progress(inputs),
        signal,
      }),
    );
    const cost = costOfAttempts(inputs, region.name, facts.attempts);
    // The mark of a job that is not run again is the one that its tags have.
    return { outs: toState({ ...inputs, mark: ended ? olds.mark : inputs.mark, ...facts, cost }) };
  }

  async read(id: string, state: TrainingJobState): Promise<ReadResult> {
    const region = this.#regions.of({ ...state, region: regionOf(state) });
    const job = await ownJob(state, id, region.api, this.#progress(state));
    if (!job) {
      await this.#mustBeHere(state, region);
      return { id: "", props: {} };
    }
    const earlier = (state.attempts ?? []).filter((each) => each.trainingJobName !== job.TrainingJobName);
    const facts = { ...factsOf(state, region.name, job, earlier), claim: state.claim };
    // A job that was stopped may have uploaded what it had: that is no model.
    const usable = job.TrainingJobStatus === "Completed" && (await hasArtifact(region.api, job));
    if (!usable) facts.modelArtifact = null;
    return { id, props: toState({ ...state, ...facts }) };
  }

  async delete(_id: string, state: TrainingJobState): Promise<void> {
    const region = this.#regions.of({ ...state, region: regionOf(state) });
    await this.#mustBeHere(state, region);
    await this.#operations.run((signal) =>
      removeJobs(
        state,
        { ...region, clock: this.#with.clock, progress: this.#progress(state), signal },
        (name) => this.#claims.get(`${region.name} ${name}`),
      ),
    );
    if (state.mark && state.status === "Completed") this.owner.completed(state.mark);
  }

  /**
   * A job stays where it was created. A new one goes where the inputs, the stack or the environment say; inputs of earlier releases
   * had no region, and the job's ARN tells it.
   */
  #pinRegion(olds: Partial<TrainingJobState>, inputs: CanonicalInputs, isNew: boolean): CheckFailure[] {
    try {
      const region =
        inputs.region ??
        olds.region ??
        (isNew ? this.#regions.of({ awsConfig: inputs.awsConfig }).name : undefined);
      // Inputs of an earlier release have none; a key without a value cannot go back to the engine.
      if (region !== undefined) inputs.region = region;
      return [];
    } catch (error) {
      return [{ property: "region", reason: (error as Error).message }];
    }
  }

  /** A job that cannot be seen from another account is not gone: asked only where an answer "there is none" would be believed. */
  async #mustBeHere(state: TrainingJobState, region: Region): Promise<void> {
    const account = accountOf(state.trainingJobArn);
    if (!account || (await region.api.describe(state.trainingJobName))) return;
    await mustBeIn(account, region.api, `Training job ${state.trainingJobName} is`);
  }

  /** Puts the prices into the inputs, so that every figure of the run rests on the same ones; those of the state are good enough. */
  async #readPrices(olds: Partial<TrainingJobState>, inputs: CanonicalInputs): Promise<void> {
    delete inputs.prices;
    if (inputs.livePrices !== true) return;
    const region = this.#regions.of(inputs);
    const reader = this.#prices.get(region) ?? new LivePriceReader(region.api, region.name, this.#with.clock);
    this.#prices.set(region, reader);
    inputs.prices = coversAll(olds.prices, inputs) ? olds.prices : await reader.pricesFor(inputs);
  }

  async #run(
    id: string,
    inputs: CanonicalInputs,
    olds: TrainingJobState | undefined,
  ): Promise<TrainingJobFacts> {
    const region = this.#regions.of(inputs);
    let known: TrainingJobFacts | undefined;
    return this.#operations.run(async (signal) => {
      const context: RunContext = {
        inputs,
        region: region.name,
        ownership: ownershipOf(inputs),
        statedMark: olds?.mark,
        stated: olds?.attempts ?? [],
        // Kept by an update: a mark that changes before it is saved is lost with the process.
        claim: olds?.claim ?? randomUUID(),
        api: region.cancellable(signal),
        watcher: region.watcher,
        clock: this.#with.clock,
        progress: this.#progress(inputs),
        signal,
        following: () => this.#operations.count,
        onJob: (job, earlier: Attempt[]) => {
          known = {
            ...factsOf(inputs, region.name, job, earlier),
            modelArtifact: null,
            claim: context.claim,
          };
        },
      };
      try {
        const facts = await runAndRecord(context).catch((error) =>
          asResult(redacted(error, redactor(inputs)), inputs, known, context.progress),
        );
        for (const { trainingJobName: name } of facts.attempts)
          this.#claims.set(`${region.name} ${name}`, context.claim);
        return facts;
      } catch (error) {
        throw await keepPartial(id, inputs, known, redacted(error as Error, redactor(inputs)), region.api);
      } finally {
        await this.#with.engine.flush(); // what was said of a job is shown before its end
      }
    });
  }

  #progress(inputs: CanonicalInputs): Progress {
    return progressOf(inputs, this.#with);
  }
}

/** The provider of a deployment. */
export function createProvider(): TrainingJobProvider {
  const address = engineAddress(process.argv);
  const provider = new TrainingJobProvider({
    engine: connectEngine(address),
    clock: systemClock,
    region: awsRegion(systemClock),
  });
  onEngineCancel(() => provider.cancel());
  onEngineGone(address, () => void provider.leave().finally(() => process.exit()));
  tuneV8();
  return provider;
}
