import type { S3Client } from "@aws-sdk/client-s3";
import type { Ranking } from "../../components/leaderboard";
import { type ChosenStack, chooseStack, stackNames } from "../stack";
import { placesOfOutputs, placesOfState } from "./places";
import type { Place } from "./records";

/** A place, and the S3 that it is asked of: each stack's, by its own `aws:` settings. */
export interface Source {
  place: Place;
  s3: S3Client;
}

/** Where to look, and what the stacks there are compared by. */
export interface Looked {
  sources: Source[];
  primary: Partial<Ranking>;
}

/** Where the stacks named leave their results, or all stacks of this project that the backend has. */
export async function lookInStacks(pulumi: string, named: string[]): Promise<Looked> {
  const stacks: ChosenStack[] = [];
  for (const name of named.length > 0 ? named : await stackNames(pulumi)) {
    stacks.push(await chooseStack(pulumi, name));
  }
  return { sources: stacks.flatMap(sourcesOf), primary: primaryOf(stacks.map(({ config }) => config)) };
}

/** Metric and direction that the stacks name as their primary ones, each where they do not contradict each other. */
export function primaryOf(configs: Map<string, string>[]): Partial<Ranking> {
  const said = (key: string) => [...new Set(configs.map((config) => config.get(key)).filter(Boolean))];
  const [metrics, goals] = [said("training:primaryMetric"), said("training:primaryGoal")];
  const metric = metrics.length === 1 ? metrics[0] : undefined;
  if (metrics.length > 1 || goals.length !== 1) return { metric };
  return { metric, direction: goals[0] === "minimize" ? "min" : "max" };
}

/** What is asked for on the command line goes before; a stack's direction is that of its own metric. */
export function withPrimary(
  asked: Partial<Ranking>,
  primary: Partial<Ranking>,
  metrics: string[],
): Partial<Ranking> {
  // No run has it yet: then the last of those that there are.
  const own = primary.metric === undefined || metrics.includes(primary.metric) ? primary : {};
  const isOwn = asked.metric === undefined || asked.metric === own.metric;
  return {
    metric: asked.metric ?? own.metric,
    direction: asked.direction ?? (isOwn ? own.direction : undefined),
  };
}

/** A stack that has trained nothing names no place, and needs no AWS. */
function sourcesOf({ outputs, state, aws }: ChosenStack): Source[] {
  const ofOutputs = placesOfOutputs(outputs);
  const places = ofOutputs.length > 0 ? ofOutputs : placesOfState(state);
  if (places.length === 0) return [];
  const { s3 } = aws();
  return places.map((place) => ({ place, s3 }));
}
