import { isDeepStrictEqual } from "node:util";
import type {
  CheckResult,
  ConfigureRequest,
  CreateResult,
  DiffResult,
  ReadResult,
  ResourceProvider,
  UpdateResult,
} from "@pulumi/pulumi/dynamic";
import type { Model } from "../model";
import type { AwsConfig } from "../trainingJob/args/args";
import { Failures } from "../trainingJob/args/failures";
import { checkAwsConfig, configReader } from "../trainingJob/aws/awsConfig";
import { awsSession, type ConfigReader } from "../trainingJob/aws/session";
import { type Clock, systemClock } from "../trainingJob/engine/clock";
import { connectEngine, type Engine, engineAddress, onEngineCancel } from "../trainingJob/engine/engine";
import { onEngineGone } from "../trainingJob/engine/engineGone";
import { Operations } from "../trainingJob/run/operations";
import { type RolloutApi, rolloutApi } from "./api";
import { type Bring, bring, type Served } from "./bring";
import { EndpointOwnerProvider, moved, placeOf } from "./ownerProvider";
import { instancesStay, nextAfter, RolloutError, said } from "./words";

export interface RolloutInputs extends Omit<Bring, "before" | "serverless"> {
  /** Default: that of the environment. */
  region?: string;
  /** Settings of the `aws.Provider` that it follows, if there is one. */
  awsConfig?: AwsConfig;
  /** The row of the display that speaks for it. */
  logUrn?: string;
}

export interface RolloutState extends RolloutInputs {
  /** Of {@link RolloutInputs.configName}; null where somebody else brought in another configuration. */
  modelInService: Model | null;
}

export interface RolloutDependencies {
  engine: Engine;
  clock: Clock;
  api(config: ConfigReader, region: string | undefined): RolloutApi;
}

/** It answers, also while AWS patches its machines. */
const ANSWERS = ["InService", "SystemUpdating"];
/** Nothing answers, or nobody knows what does. */
const BROKEN = ["Failed", "OutOfService", "UpdateRollbackFailed"];

/**
 * The provider of rollouts. What it says last to be in service is in the state: a rollout that fails throws, and leaves that as it was. The
 * path of this file is stored in every state and never moves.
 */
export class RolloutProvider implements ResourceProvider {
  readonly owner: EndpointOwnerProvider;
  readonly #with: RolloutDependencies;
  readonly #operations: Operations;
  #config: ConfigReader = () => undefined;

  constructor(dependencies: RolloutDependencies) {
    this.#with = dependencies;
    const { engine, clock } = dependencies;
    this.#operations = new Operations(engine);
    this.owner = new EndpointOwnerProvider({
      api: (where) => this.#api(where),
      clock,
      run: (work) => this.#operations.run(work),
      status: (urn, text) => engine.status(urn, text),
      warn: (urn, text) => engine.log(urn, "warning", text),
    });
  }

  /** Ends what waits for SageMaker; that goes on by itself, and the next deployment takes it up. */
  cancel(): void {
    this.#operations.cancel();
  }

  async configure({ config }: ConfigureRequest): Promise<void> {
    this.#config = (key) => config.get(key);
  }

  async check(olds: Partial<RolloutInputs> | undefined, news: RolloutInputs): Promise<CheckResult> {
    const failures = new Failures();
    checkAwsConfig(news.awsConfig, failures);
    // Only one with instances has it.
    const isSame = olds?.endpointName === news.endpointName && moved(olds, news).length === 0;
    if (olds?.deploymentConfig && !news.deploymentConfig && isSame)
      failures.add("endpointName", instancesStay(news.endpointName));
    return { inputs: news, failures: failures.list };
  }

  async diff(_id: string, olds: RolloutState, news: RolloutInputs): Promise<DiffResult> {
    const replaces = [
      ...(olds.endpointName === news.endpointName ? [] : ["endpointName"]),
      ...moved(olds, news),
    ];
    const asked = ({ endpointName, configName, model, smoke }: RolloutInputs) => [
      endpointName,
      configName,
      model,
      smoke,
    ];
    const same = JSON.stringify(sorted(asked(olds))) === JSON.stringify(sorted(asked(news)));
    const changes =
      !same ||
      replaces.length > 0 ||
      olds.modelInService === null ||
      !isDeepStrictEqual(placeOf(olds), placeOf(news));
    return { changes: changes || !(await this.#isAsInState(olds)), replaces };
  }

  /**
   * Whether the endpoint serves what the state says. A rollout that was killed, and a model that could not be taken back, are in no state: with
   * the model before asked for again nothing would differ, and the other one would go on. What AWS does not let see is as the state says.
   */
  async #isAsInState(olds: RolloutState): Promise<boolean> {
    try {
      const now = await this.#api(olds).describe(olds.endpointName);
      return now?.configName === olds.configName && ANSWERS.includes(now.status);
    } catch (error) {
      const text = `Whether the endpoint ${olds.endpointName} still serves ${olds.model.trainingJobName} is not known: ${said(error)}`;
      this.#with.engine.log(olds.logUrn, "info", text);
      return true;
    }
  }

  async create(inputs: RolloutInputs): Promise<CreateResult> {
    return { id: inputs.endpointName, outs: await this.#bring(inputs) };
  }

  async update(_id: string, olds: RolloutState, news: RolloutInputs): Promise<UpdateResult> {
    const { configName, modelInService: model, deploymentConfig } = olds;
    const before = model ? { configName, model, serverless: !deploymentConfig } : undefined;
    return { outs: await this.#bring(news, before) };
  }

  /** The endpoint is a resource of its own, and with it goes what it serves. */
  async delete(): Promise<void> {}

  async read(id: string, state: RolloutState): Promise<ReadResult> {
    const now = await this.#api(state).describe(id);
    if (!now) return { id: "", props: {} };
    if (now.configName === state.configName && !BROKEN.includes(now.status)) return { id, props: state };
    return { id, props: { ...state, configName: now.configName, modelInService: null } };
  }

  async #bring(inputs: RolloutInputs, before?: Served): Promise<RolloutState> {
    const { engine, clock } = this.#with;
    const status = (text: string) => engine.status(inputs.logUrn, text);
    let cancelled: AbortSignal | undefined;
    try {
      await this.#operations.run((signal) => {
        cancelled = signal;
        return bring({ ...inputs, before }, { api: this.#api(inputs), clock, status, signal });
      });
    } catch (error) {
      if (error instanceof RolloutError) throw error;
      if (cancelled?.aborted) {
        throw new Error(
          `The rollout to the endpoint ${inputs.endpointName} was cut off; what SageMaker has begun goes on. Next: deploy again, which takes ` +
            "it up and asks the model the smoke request.",
        );
      }
      throw new Error(
        `The rollout of the model of ${inputs.model.trainingJobName} to the endpoint ${inputs.endpointName} failed: ${said(error)}\n${nextAfter(error)}`,
      );
    }
    return { ...inputs, modelInService: inputs.model };
  }

  #api({ awsConfig, region }: Pick<RolloutInputs, "awsConfig" | "region">): RolloutApi {
    return this.#with.api(configReader(awsConfig, this.#config), region || undefined);
  }
}

/** The same whatever the order of the keys: the engine keeps none. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, sorted(each)]),
  );
}

/** The provider of a deployment. */
export function createProvider(): RolloutProvider {
  const address = engineAddress(process.argv);
  const provider = new RolloutProvider({
    engine: connectEngine(address),
    clock: systemClock,
    api: (config, region) => rolloutApi(awsSession(config, region)),
  });
  onEngineCancel(() => provider.cancel());
  onEngineGone(address, () => process.exit());
  return provider;
}
