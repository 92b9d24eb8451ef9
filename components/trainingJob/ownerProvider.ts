import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type {
  CheckResult,
  CreateResult,
  DiffResult,
  ResourceProvider,
  UpdateResult,
} from "@pulumi/pulumi/dynamic";
import type { AwsConfig } from "./args/args";
import type { StoreMark } from "./args/storeMark";
import { hasUnknown, isUnknown, UNKNOWN } from "./args/unknown";
import { howToAllow, isDenied } from "./aws/denied";
import { mustBeIn } from "./aws/mustBeIn";
import { endOwned, endOwnedOfLate } from "./change/endOwned";
import type { Clock } from "./engine/clock";
import type { Engine } from "./engine/engine";
import { storeMarkJson, storeMarkUri } from "./identity/storeMark";
import type { Operations } from "./run/operations";
import { type Progress, progressOf } from "./run/progress";
import type { Regions } from "./run/region";
import { toState } from "./state/facts";

export interface OwnerInputs {
  /** The region of the stack's jobs; undefined where only the environment tells. */
  region?: string;
  /** Settings of the `aws.Provider` that the jobs follow, if there is one. */
  awsConfig?: AwsConfig;
  /** The bucket of the stack's own that a destroy keeps. */
  storeMark?: StoreMark;
  /** The row of the display that speaks for it. */
  logUrn?: string;
}

export interface OwnerState extends OwnerInputs {
  /** On every job of the resource as a tag. Made once, and never again. */
  mark: string;
  /** Every region that jobs with the mark may be in. */
  regions: string[];
  /** The account that they are in, where the stack lets it be asked for. */
  account?: string;
}

interface OwnerDependencies {
  engine: Engine;
  clock: Clock;
  operations: Operations;
  regions: Regions;
}

/**
 * Owns the jobs of one TrainingJob resource: its mark is in the state before the first job is started, and its delete ends whatever
 * carries it. It depends on role and store and the job depends on it, so that a destroy reaches it, with all that the jobs need still
 * there, even when the deployment before was killed and the job itself is in no state.
 */
export class OwnerProvider implements ResourceProvider {
  readonly #with: OwnerDependencies;
  /** Marks whose training the state knew to be completed when this deployment removed it. */
  readonly #completed = new Set<string>();
  /** Whether the program ran in this deployment: what is removed then is an experiment, and its bucket may well stay in use. */
  #ofProgram = false;

  constructor(dependencies: OwnerDependencies) {
    this.#with = dependencies;
  }

  async check(olds: Partial<OwnerState>, news: OwnerInputs): Promise<CheckResult> {
    this.#ofProgram = true;
    try {
      return { inputs: { ...news, region: news.region || this.#regionNow(news, olds?.region) } };
    } catch (error) {
      return { inputs: news, failures: [{ property: "region", reason: (error as Error).message }] };
    }
  }

  /** Where a job that is started now would go: not where an earlier deployment, whose job failed to start, was going to. */
  #regionNow({ awsConfig }: OwnerInputs, before: string | undefined): string {
    if (hasUnknown(awsConfig)) return before ?? UNKNOWN;
    try {
      return this.#with.regions.of({ awsConfig }).name;
    } catch (error) {
      if (before === undefined) throw error;
      return before;
    }
  }

  /** Nothing replaces it: another mark would lose the jobs of the one before. */
  async diff(_id: string, olds: OwnerState, news: OwnerInputs): Promise<DiffResult> {
    const { region } = news;
    const moved = region !== undefined && !isUnknown(region) && !olds.regions?.includes(region);
    const otherwise = (["awsConfig", "storeMark"] as const).some(
      (key) => !hasUnknown(news[key]) && !isDeepStrictEqual(olds[key] ?? {}, news[key] ?? {}),
    );
    return { changes: moved || otherwise };
  }

  async create(inputs: OwnerInputs): Promise<CreateResult> {
    const mark = randomUUID();
    const account = await this.#with.regions.of(inputs).api.account();
    await this.#markStore(inputs, true);
    return { id: mark, outs: toState({ ...inputs, mark, regions: [inputs.region], account }) };
  }

  async update(_id: string, olds: OwnerState, news: OwnerInputs): Promise<UpdateResult> {
    const regions = [...new Set([...(olds.regions ?? []), ...(news.region ? [news.region] : [])])];
    await this.#markStore(news, true);
    return { outs: toState({ ...news, mark: olds.mark, regions, account: olds.account }) };
  }

  /** What cannot be written costs the finding of the bucket by a later deployment, and never a deployment. */
  async #markStore(inputs: OwnerInputs, inUse: boolean): Promise<boolean> {
    const { clock, regions } = this.#with;
    const { storeMark: mark } = inputs;
    if (!mark) return false;
    try {
      const { name, api } = regions.of(inputs);
      const uri = storeMarkUri(mark.bucket);
      await api.putJson(uri, storeMarkJson(mark, inUse, name, clock.now()), mark.kmsKeyId);
      return true;
    } catch (error) {
      if ((error as Error).name === "NoSuchBucket") return false;
      this.#progress(inputs).warn(
        `${storeMarkUri(mark.bucket)} cannot be written, so that no deployment after a destroy takes the bucket up again by itself: ${(error as Error).message}`,
      );
      return false;
    }
  }

  #progress({ logUrn }: OwnerInputs): Progress {
    return progressOf({ logUrn } as Parameters<typeof progressOf>[0], this.#with);
  }

  /** The training with this mark had come to its end: the removal need not wait for a job whose creation was cut off to show itself. */
  completed(mark: string): void {
    this.#completed.add(mark);
  }

  async delete(_id: string, state: OwnerState): Promise<void> {
    const { clock, operations, regions } = this.#with;
    const progress = this.#progress(state);
    await operations.run(async (signal) => {
      for (const name of state.regions) {
        const region = regions.of({ region: name, awsConfig: state.awsConfig });
        await mustBeIn(state.account, region.api, `The jobs with the tag pulumi:mark=${state.mark} are`);
        try {
          const end = this.#completed.has(state.mark) ? endOwned : endOwnedOfLate;
          await end(state.mark, { ...region, clock, progress, signal });
        } catch (error) {
          if (!isDenied(error)) throw error;
          const { message } = error as Error;
          const all =
            "sagemaker:ListTrainingJobs, sagemaker:ListTags, sagemaker:DescribeTrainingJob, sagemaker:StopTrainingJob and sagemaker:UpdateTrainingJob";
          throw new Error(
            `A training job with the tag pulumi:mark=${state.mark} may still run in ${name}: ${message}\n` +
              `Next: ${howToAllow(message, all)}, then destroy again.`,
          );
        }
      }
      if (!this.#ofProgram && (await this.#markStore(state, false))) {
        const bucket = state.storeMark?.bucket;
        progress.info(
          `The bucket ${bucket} is kept: the next \`pulumi up\` of this stack takes it up again.`,
        );
      }
    });
  }
}
