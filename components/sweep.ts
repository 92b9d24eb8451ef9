import * as pulumi from "@pulumi/pulumi";
import type { ArtifactStore } from "./artifactStore";
import type { Dashboard } from "./dashboard";
import type { ExecutionRole } from "./executionRole";
import { createParts, type ExperimentArgs, jobArgs, type Parts } from "./experimentParts";
import { CHANNEL, halve, inRung, rungJobArgs } from "./halving";
import { type Halving, halvingOf } from "./halvingPlan";
import { OF_RUNGS, type Savings } from "./halvingResults";
import type { SourceBundle } from "./sourceBundle";
import { argsOf } from "./sweepArgs";
import { type Best, bestOf, failuresOf, noBest, type Primary, pagesOf, primaryOf } from "./sweepResults";
import type { Overrides, Variant } from "./sweepVariant";
import { TrainingJob } from "./trainingJob/trainingJob";
import { endRed } from "./verdict";

export interface SweepArgs extends ExperimentArgs {
  /** The experiments, as `loadConfig` finds them in the stack's configuration. At least one. */
  variants: Variant[];
}

/** What is told of each experiment. */
const TOLD = [
  ...(["status", "modelArtifact", "metrics", "cost", "trainingSeconds", "billableSeconds"] as const),
  ...(["trainingJobName", "failureReason", "attempts", "logUrl"] as const),
];
/** What else is told of the best one. */
const OF_THE_BEST = [...TOLD, ...(["image", "trainingJobArn", "consoleUrl"] as const)];

/** A TrainingJob's outputs. */
type Told = Pick<TrainingJob, (typeof TOLD)[number]> & {
  [K in (typeof OF_RUNGS)[number]]?: pulumi.Output<number>;
};
type BestJob = Pick<TrainingJob, (typeof OF_THE_BEST)[number]>;

/**
 * Several experiments that differ in some settings and are compared: a training job for each, and bucket, source bundle and execution
 * role once for all. The jobs run at the same time, as many as the engine makes things at a time (`pulumi up --parallel`).
 *
 * A job's name in the state says what the experiment sets, so that renaming one trains nothing, a new one trains just that one, and one
 * that is taken away removes just that one. An experiment that fails is recorded and does not hold up the others; with `onFailure: "fail"`
 * the deployment names it and ends red when all is done.
 *
 * @example
 * const sweep = new Sweep("densenet121", loadConfig());
 * export const { experiments, best } = sweep;
 * export const modelArtifact = sweep.job.modelArtifact;
 */
export class Sweep extends pulumi.ComponentResource {
  public readonly store: ArtifactStore;
  public readonly code: SourceBundle;
  public readonly role: ExecutionRole;
  /** Of all jobs, where it is asked for. */
  public readonly dashboard?: Dashboard;
  /** How each experiment came out, by its label. */
  public readonly experiments: Record<string, Told & { settings: Overrides }>;
  /** The best of those that have a model; undefined where none has. */
  public readonly best: pulumi.Output<Best | undefined>;
  /** All of them in a Markdown table, the best first; and the same as a page that Pulumi Cloud shows for the stack. */
  public readonly leaderboard: pulumi.Output<string>;
  public readonly readme: pulumi.Output<string>;
  /** The outputs of the best one's job; each undefined where there is none. */
  public readonly job: BestJob;
  /** With successive halving: what it spent, and what the full grid would have. */
  public readonly halving: pulumi.Output<Savings> | undefined;

  constructor(name: string, args: SweepArgs, opts?: pulumi.ComponentResourceOptions) {
    // The type of a single experiment's component: a stack that begins to compare keeps its bucket, code and role.
    super("training:index:Experiment", name, {}, opts);

    sayWhatWaits(args.variants.length, this);
    const halving = halvingOf(args);
    const primary = primaryOf(args);
    const each = args.variants.map((variant) => argsOf(args, variant));
    const parts = halving
      ? createParts(
          name,
          each.map((own) => inRung(own, halving, 0)),
          this,
          CHANNEL,
        )
      : createParts(name, each, this);
    const first = args.variants.map((variant) => this.train(name, args, variant, parts, halving));
    const onFailure = resultOf(args);
    const halved = halving && halve(first, { name, args, halving, parts, primary, onFailure, parent: this });
    const jobs: (Told & BestJob)[] = halved?.jobs ?? first;
    this.halving = halved?.savings;
    this.store = parts.store;
    this.code = parts.code;
    this.role = parts.role;
    this.dashboard = parts.dashboard;
    this.experiments = Object.fromEntries(
      args.variants.map(({ label, overrides }, at) => [
        label,
        { settings: overrides, ...pick(jobs[at], halved ? [...TOLD, ...OF_RUNGS] : TOLD) },
      ]),
    );
    const results = pulumi.output(this.experiments);
    this.best = results.apply((each) => bestOf(each, primary));
    const pages = results.apply((each) => pagesOf(name, each, primary));
    this.leaderboard = pages.leaderboard;
    this.readme = pages.readme;
    this.job = jobOfTheBest(this.best, args.variants, jobs);
    this.judge(args, primary);
    this.registerOutputs({ modelArtifact: this.job.modelArtifact });
  }

  private train(
    name: string,
    args: SweepArgs,
    variant: Variant,
    parts: Parts,
    halving: Halving | undefined,
  ): TrainingJob {
    const alone = `${name}-training`;
    const own = argsOf(args, variant);
    return new TrainingJob(
      variant.name === "" ? alone : `${name}-${variant.name}-training`,
      {
        ...(halving ? rungJobArgs(own, halving, 0, parts) : jobArgs(own, parts)),
        onFailure: resultOf(args),
      },
      // The stack may have trained the same when it was one experiment.
      {
        parent: this,
        dependsOn: parts.beforeJobs,
        aliases: variant.isBase && variant.name !== "" ? [{ name: alone }] : [],
      },
    );
  }

  /** What failed, and what there is none of, is said when all is done. */
  private judge({ onFailure }: SweepArgs, primary: Primary): void {
    const failures = pulumi.output(this.experiments).apply((each) => failuresOf(each, onFailure));
    if (onFailure === "fail") endRed(failures);
    else failures.apply((text) => text && pulumi.log.warn(text, this));
    const isTold = (failed: string | undefined) => onFailure === "fail" && failed !== undefined;
    endRed(
      pulumi
        .all([this.best, failures])
        .apply(([best, failed]) =>
          best || isTold(failed) ? undefined : noBest(primary, this.halving !== undefined),
        ),
    );
  }
}

/** A failure of one ends no deployment while others train. */
const resultOf = ({ onFailure }: SweepArgs): "record" | "retry" =>
  onFailure === "record" ? "record" : "retry";

const pick = <T, K extends keyof T>(job: T, keys: readonly K[]): Pick<T, K> =>
  Object.fromEntries(keys.map((key) => [key, job[key]])) as Pick<T, K>;

function jobOfTheBest(best: pulumi.Output<Best | undefined>, variants: Variant[], jobs: BestJob[]): BestJob {
  const outputs = OF_THE_BEST.map((key) => {
    const output = best.apply((found) => {
      const at = variants.findIndex(({ label }) => label === found?.experiment);
      return at < 0 ? undefined : (jobs[at][key] as pulumi.Output<unknown>);
    });
    return [key, output];
  });
  return Object.fromEntries(outputs);
}

/** The engine makes so many things at a time; a job counts until it has ended. */
function sayWhatWaits(jobs: number, resource: pulumi.Resource): void {
  const atATime = Number(process.env.PULUMI_NODEJS_PARALLEL);
  if (!(atATime > 0 && atATime < jobs)) return;
  const command = `pulumi up --stack ${pulumi.getStack()} --parallel ${jobs}`;
  void pulumi.log.warn(
    `${jobs} experiments, of which ${atATime} train at a time here and the others wait. All at once: ${command}`,
    resource,
  );
}
