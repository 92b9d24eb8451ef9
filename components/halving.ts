import * as pulumi from "@pulumi/pulumi";
import { type ExperimentArgs, jobArgs, type Parts } from "./experimentParts";
import { argumentsOf, type Halving, placesOf } from "./halvingPlan";
import { chosen, LOOKED_AT, OF_RUNGS, outcomesOf, type Run, type Savings, savingsOf } from "./halvingResults";
import { argsOf, withOwn } from "./sweepArgs";
import { figureOf, type Primary } from "./sweepResults";
import { isOwnMap, type OwnSetting, type Variant } from "./sweepVariant";
import { experimentOf } from "./trainingJob/identity/name";
import { TrainingJob, type TrainingJobArgs } from "./trainingJob/trainingJob";

/** The channel that a job finds the checkpoints in which it goes on from: SM_CHANNEL_CHECKPOINT. */
export const CHANNEL = "checkpoint";

/** What the rungs after the first are made of. */
export interface RungsArgs {
  name: string;
  args: ExperimentArgs & { variants: Variant[] };
  halving: Halving;
  parts: Parts;
  primary: Primary;
  onFailure: "record" | "retry";
  parent: pulumi.Resource;
}

/** How an experiment came out of the last rung that it was in, in the form of a job's outputs. */
export type LastJob = Pick<TrainingJob, (typeof LOOKED_AT)[number]> &
  Record<(typeof OF_RUNGS)[number], pulumi.Output<number>>;

/**
 * Successive halving, from the jobs of the first rung on: each rung trains the best of the one before for more epochs.
 *
 * A rung has so many places, which a preview shows before it is known who takes them. A place is a job that begins with the checkpoints of
 * the rung before, as a channel, and keeps its own in a place of its own: what a rung left behind is never written to again, so that a job
 * of it that runs once more, after an interruption or in another place, ends as the first time and does not find itself ahead.
 */
export function halve(
  first: TrainingJob[],
  to: RungsArgs,
): { jobs: LastJob[]; savings: pulumi.Output<Savings> } {
  const rungs = trainRungs(first, to);
  const outcomes = rungs.apply((runs) => outcomesOf(runs, to.halving));
  const outputs = (at: number) =>
    [...LOOKED_AT, ...OF_RUNGS].map((key) => [key, outcomes.apply((each) => each[at][key])]);
  return {
    jobs: to.args.variants.map((_, at) => Object.fromEntries(outputs(at)) as unknown as LastJob),
    savings: rungs.apply((runs) => savingsOf(runs, to.halving)),
  };
}

/** An experiment's settings in a rung: how far it goes is one more of them. */
export const inRung = (args: ExperimentArgs, halving: Halving, rung: number): ExperimentArgs => ({
  ...args,
  hyperparameters: withOwn(args.hyperparameters, argumentsOf(halving, rung)),
});

/** What its job is asked for. It keeps checkpoints without spot too: the next rung goes on from them. */
export const rungJobArgs = (args: ExperimentArgs, halving: Halving, rung: number, parts: Parts) => ({
  ...jobArgs(inRung(args, halving, rung), parts),
  checkpointConfig: { s3Uri: pulumi.interpolate`${parts.store.checkpointsUri}/{job}` },
});

/** Trains the rungs after the first, each when the one before is done, and tells how every job of every rung came out. */
function trainRungs(first: TrainingJob[], to: RungsArgs): pulumi.Output<Run[][]> {
  const { halving, primary, parent } = to;
  const { variants } = to.args;
  const names = variants.map((each) => each.name);
  const rungs = [pulumi.all(first.map((job, variant) => runOf(job, pulumi.output(variant))))];
  placesOf(halving, variants.length).forEach((places, rung) => {
    if (rung === 0) return;
    const before = rungs[rung - 1];
    const entrants = before.apply((runs) => chosen(runs, places, primary, names));
    pulumi.all([before, entrants]).apply(([runs, next]) => {
      const who = next.map((each) => variants[each.variant].label).join(", ") || "none";
      void pulumi.log.info(`To ${halving.epochs[rung]} epochs: ${who}`, parent);
      for (const run of runs.filter((each) => each.modelArtifact && figureOf(each, primary) === undefined)) {
        const { label } = variants[run.variant];
        void pulumi.log.warn(
          `${label} has no metric ${primary.metric} (${run.trainingJobName}): it is out.`,
          parent,
        );
      }
    });
    rungs.push(
      taken(entrants, places).apply((count) =>
        pulumi.all(Array.from({ length: count }, (_, place) => trainPlace(rung, place, entrants, to))),
      ),
    );
  });
  return pulumi.all(rungs);
}

/**
 * How many places of a rung are taken: all, for all that a preview can know before the rung ahead is done. Where fewer experiments are left
 * than there are places, a job less is made.
 */
function taken(entrants: pulumi.Output<Run[]>, places: number): pulumi.Output<number> {
  // The SDK keeps it out of its types; `apply` alone would make nothing at a preview that does not know yet.
  const { isKnown } = entrants as unknown as { isKnown: Promise<boolean> };
  return pulumi
    .output(isKnown)
    .apply((known) => (known ? entrants.apply((runs) => runs.length) : pulumi.output(places)));
}

function trainPlace(
  rung: number,
  place: number,
  entrants: pulumi.Output<Run[]>,
  to: RungsArgs,
): pulumi.Output<Run> {
  const { name, args, halving, parts, onFailure, parent } = to;
  const { variants } = args;
  const variant = entrants.apply((runs) => runs[place].variant);
  const jobArgsOf = (at: number) => rungJobArgs(argsOf(args, variants[at]), halving, rung, parts);
  const common = jobArgsOf(0);
  /** What is the same whoever takes the place is known to a preview, and to those who judge it. */
  const own = (key: PlaceKey, ...settings: OwnSetting[]): pulumi.Output<object> => {
    const at = settings.every((each) => isAlike(variants, each)) ? pulumi.output(0) : variant;
    return at.apply((experiment) => jobArgsOf(experiment)[key] as unknown as object);
  };
  const s3Uri = pulumi.interpolate`${parts.store.checkpointsUri}/${entrants.apply((runs) => experimentOf(runs[place].trainingJobName))}/`;
  const channels = own("inputDataConfig", "train", "val", "fingerprintData");
  const ofWhoTakesIt = {
    hyperparameters: variant.apply((at) => jobArgsOf(at).hyperparameters as unknown as object),
    environment: own("environment", "environment"),
    runId: own("runId", "runId"),
    entryPoint: own("entryPoint", "entryPoint"),
    distribution: own("distribution", "distribution"),
    inputDataConfig: channels.apply((each) => [...(each as object[]), checkpointChannel(s3Uri)]),
  } as unknown as Pick<TrainingJobArgs, PlaceKey>;
  const job = new TrainingJob(
    `${name}-rung${rung + 1}-${place + 1}-training`,
    { ...common, ...ofWhoTakesIt, onFailure },
    { parent, dependsOn: parts.beforeJobs },
  );
  return runOf(job, variant);
}

/** Inputs of a job that follow from the experiment. */
type PlaceKey =
  | ("hyperparameters" | "environment" | "runId")
  | ("entryPoint" | "distribution" | "inputDataConfig");

const checkpointChannel = (s3Uri: pulumi.Input<string>) => ({
  channelName: CHANNEL,
  dataSource: {
    s3DataSource: {
      s3DataType: "S3Prefix" as const,
      s3Uri,
      s3DataDistributionType: "FullyReplicated" as const,
    },
  },
});

function isAlike(variants: Variant[], setting: OwnSetting): boolean {
  const of = ({ overrides, settings }: Variant) =>
    JSON.stringify(isOwnMap(setting) ? overrides[setting] : (settings as Record<string, unknown>)[setting]);
  return variants.every((each) => of(each) === of(variants[0]));
}

const runOf = (job: TrainingJob, variant: pulumi.Output<number>): pulumi.Output<Run> =>
  pulumi.output({
    ...Object.fromEntries(LOOKED_AT.map((key) => [key, job[key]])),
    variant,
  }) as unknown as pulumi.Output<Run>;
