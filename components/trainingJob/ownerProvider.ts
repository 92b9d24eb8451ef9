import { randomUUID } from "node:crypto";
import type {
  CheckResult,
  CreateResult,
  DiffResult,
  ResourceProvider,
  UpdateResult,
} from "@pulumi/pulumi/dynamic";
import type { AwsConfig } from "./args/args";
import { hasUnknown, isUnknown } from "./args/unknown";
import { isDenied } from "./aws/denied";
import { endOwned } from "./change/endOwned";
import type { Clock } from "./engine/clock";
import type { Engine } from "./engine/engine";
import type { Operations } from "./run/operations";
import { progressOf } from "./run/progress";
import type { Regions } from "./run/region";

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

  constructor(dependencies: OwnerDependencies) {
    this.#with = dependencies;
  }

  async check(olds: Partial<OwnerState>, news: OwnerInputs): Promise<CheckResult> {
    try {
      return {
        inputs: {
          ...news,
          region: news.region ?? olds?.region ?? this.#with.regions.of({ awsConfig: news.awsConfig }).name,
        },
      };
    } catch (error) {
      return { inputs: news, failures: [{ property: "region", reason: (error as Error).message }] };
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
    return { id: mark, outs: { ...inputs, mark, regions: [inputs.region] } };
  }

  async update(_id: string, olds: OwnerState, news: OwnerInputs): Promise<UpdateResult> {
    const regions = [...new Set([...(olds.regions ?? []), ...(news.region ? [news.region] : [])])];
    return { outs: { ...news, mark: olds.mark, regions } };
  }

  async delete(_id: string, state: OwnerState): Promise<void> {
    const { clock, operations, regions } = this.#with;
    const progress = progressOf({ logUrn: state.logUrn } as Parameters<typeof progressOf>[0], this.#with);
    await operations.run(async (signal) => {
      for (const name of state.regions) {
        try {
          await endOwned(state.mark, {
            ...regions.of({ region: name, awsConfig: state.awsConfig }),
            clock,
            progress,
            signal,
          });
        } catch (error) {
          if (!isDenied(error)) throw error;
          throw new Error(
            `Whether a training job with the tag pulumi:mark=${state.mark} still runs in ${name} cannot be told: ${(error as Error).message}\n` +
              "Next: allow your identity sagemaker:ListTrainingJobs and sagemaker:ListTags, then destroy again.",
          );
        }
      }
    });
  }
}
