import { randomUUID } from "node:crypto";
import type {
  CheckResult,
  CreateResult,
  DiffResult,
  ResourceProvider,
  UpdateResult,
} from "@pulumi/pulumi/dynamic";
import type { AwsConfig } from "./args/args";
import { hasUnknown, isUnknown, UNKNOWN } from "./args/unknown";
import { howToAllow, isDenied } from "./aws/denied";
import { mustBeIn } from "./aws/mustBeIn";
import { endOwned, endOwnedOfLate } from "./change/endOwned";
import type { Clock } from "./engine/clock";
import type { Engine } from "./engine/engine";
import type { Operations } from "./run/operations";
import { progressOf } from "./run/progress";
import type { Regions } from "./run/region";
import { toState } from "./state/facts";

export interface OwnerInputs {
  /** The region of the stack's jobs; undefined where only the environment tells. */
  region?: string;
  /** Settings of the `aws.Provider` that the jobs follow, if there is one. */
  awsConfig?: AwsConfig;
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

  constructor(dependencies: OwnerDependencies) {
    this.#with = dependencies;
  }

  async check(olds: Partial<OwnerState>, news: OwnerInputs): Promise<CheckResult> {
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
  async diff(_id: string, olds: OwnerState, { region, awsConfig }: OwnerInputs): Promise<DiffResult> {
    const moved = region !== undefined && !isUnknown(region) && !olds.regions?.includes(region);
    const otherwise = JSON.stringify(olds.awsConfig ?? {}) !== JSON.stringify(awsConfig ?? {});
    return { changes: moved || (otherwise && !hasUnknown(awsConfig)) };
  }

  async create(inputs: OwnerInputs): Promise<CreateResult> {
    const mark = randomUUID();
    const account = await this.#with.regions.of(inputs).api.account();
    return { id: mark, outs: toState({ ...inputs, mark, regions: [inputs.region], account }) };
  }

  async update(_id: string, olds: OwnerState, news: OwnerInputs): Promise<UpdateResult> {
    const regions = [...new Set([...(olds.regions ?? []), ...(news.region ? [news.region] : [])])];
    return { outs: toState({ ...news, mark: olds.mark, regions, account: olds.account }) };
  }

  /** The training with this mark had come to its end: the removal need not wait for a job whose creation was cut off to show itself. */
  completed(mark: string): void {
    this.#completed.add(mark);
  }

  async delete(_id: string, state: OwnerState): Promise<void> {
    const { clock, operations, regions } = this.#with;
    const progress = progressOf({ logUrn: state.logUrn } as Parameters<typeof progressOf>[0], this.#with);
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
    });
  }
}
