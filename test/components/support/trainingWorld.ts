import type { CanonicalInputs } from "../../../components/trainingJob/args/args";
import type { AwsApi, JobDescription } from "../../../components/trainingJob/aws/api";
import { digestOf } from "../../../components/trainingJob/identity/definition";
import { experimentName } from "../../../components/trainingJob/identity/name";
import { CLAIM_TAG, ownershipOf, ownerTags } from "../../../components/trainingJob/identity/owner";
import { TrainingJobProvider } from "../../../components/trainingJob/provider";
import type { RunContext } from "../../../components/trainingJob/run/context";
import { CancelledError } from "../../../components/trainingJob/run/errors";
import { Progress } from "../../../components/trainingJob/run/progress";
import { run } from "../../../components/trainingJob/run/run";
import { Watcher } from "../../../components/trainingJob/run/watcher";
import { type Attempt, factsOf, type TrainingJobFacts } from "../../../components/trainingJob/state/facts";
import type { TrainingJobState } from "../../../components/trainingJob/state/state";
import { FakeAws } from "./fakeAws";
import { FakeClock } from "./fakeClock";
import { FakeEngine } from "./fakeEngine";
import { canonicalInputs } from "./inputs";

export const CLAIM = "claim-of-this-run";

/** One experiment in an AWS of its own, with everything that the provider gets injected. */
export class TrainingWorld {
  readonly clock = new FakeClock();
  readonly engine = new FakeEngine();
  readonly aws = new FakeAws(this.clock);
  readonly watcher = new Watcher(this.aws, this.clock);
  readonly inputs: CanonicalInputs;
  /** `<base>-<hash>`: the name of the first job. */
  readonly name: string;
  /** What the deployment was told of jobs while it ran. */
  readonly known: { job: string; earlier: Attempt[] }[] = [];
  /** The regions that the provider asked for, and what it was told of the stack's configuration. */
  readonly regions: [name: string | undefined, profile: string | undefined][] = [];
  readonly #operation = new AbortController();
  #provider: TrainingJobProvider | undefined;

  constructor(changes: Record<string, unknown> = {}) {
    this.inputs = canonicalInputs(changes);
    this.name = experimentName(this.inputs);
  }

  /** Tags that make a job ours. */
  get ownTags(): Record<string, string> {
    return ownerTags(ownershipOf(this.inputs), digestOf(this.inputs), "claim-of-an-earlier-run");
  }

  /** Tags of a job that this run has claimed. */
  get claimedTags(): Record<string, string> {
    return { ...this.ownTags, [CLAIM_TAG]: CLAIM };
  }

  progress(): Progress {
    return new Progress({
      engine: this.engine,
      urn: this.inputs.logUrn,
      metricDefinitions: this.inputs.algorithmSpecification?.metricDefinitions ?? [],
      hosts: this.inputs.resourceConfig?.instanceCount ?? 1,
      now: () => this.clock.now(),
    });
  }

  context(): RunContext {
    return {
      inputs: this.inputs,
      region: "us-east-1",
      ownership: ownershipOf(this.inputs),
      statedMark: undefined,
      stated: [],
      claim: CLAIM,
      api: abortable(this.aws, this.#operation.signal),
      watcher: this.watcher,
      clock: this.clock,
      progress: this.progress(),
      signal: this.#operation.signal,
      following: () => 1,
      onJob: (job, earlier) => this.known.push({ job: job.TrainingJobName ?? "", earlier }),
    };
  }

  run(): Promise<TrainingJobFacts> {
    return run(this.context());
  }

  /** The provider over the same AWS. */
  provider(): TrainingJobProvider {
    this.#provider ??= this.anotherProvider();
    return this.#provider;
  }

  /** The provider of another deployment, over the same AWS. */
  anotherProvider(): TrainingJobProvider {
    const watcher = new Watcher(this.aws, this.clock);
    return new TrainingJobProvider({
      engine: this.engine,
      clock: this.clock,
      region: (name, config) => {
        this.regions.push([name, config("aws:profile")]);
        return {
          name: name ?? "us-east-1",
          api: this.aws,
          watcher,
          cancellable: (signal) => abortable(this.aws, signal),
        };
      },
    });
  }

  /** The state that a deployment left, with the job as it is in AWS now. */
  async stateOf(name = this.name, more: Partial<TrainingJobState> = {}): Promise<TrainingJobState> {
    const job = await this.aws.describe(name);
    this.aws.calls.length = 0;
    return {
      ...this.inputs,
      ...factsOf(this.inputs, "us-east-1", job ?? ({} as JobDescription)),
      claim: CLAIM,
      ...more,
    };
  }

  /** What ^C does, to the run and to the provider. */
  cancel(): void {
    this.#operation.abort(new CancelledError());
    this.#provider?.cancel();
  }

  /** Cancels as soon as the clock is that many seconds on. */
  async cancelAfter(seconds: number): Promise<void> {
    await this.clock.sleep(seconds * 1000);
    this.cancel();
  }
}

/** The API as the provider's operations see it: once cancelled, no call is made and none is answered. */
function abortable(api: AwsApi, signal: AbortSignal): AwsApi {
  return new Proxy(api, {
    get: (target, name) => {
      const call = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>;
      return async (...args: unknown[]) => {
        signal.throwIfAborted();
        const answer = await call.apply(target, args);
        signal.throwIfAborted();
        return answer;
      };
    },
  });
}
