import { differingParameters } from "../../components/leaderboard";
import type { Run } from "../compare/parameters";

/** The parameters that are not alike in all runs: those of the script, which one tries out, and then those of machines and all else. */
export function toldApartBy(runs: Run[]): { tried: string[]; rest: string[] } {
  const ofScripts = new Set(
    runs.flatMap(({ record }) => Object.keys(Object(record.inputs.hyperparameters) as object)),
  );
  const isTried = (name: string) => ofScripts.has(name) || name.startsWith("env.");
  const all = differingParameters(runs);
  return { tried: all.filter(isTried), rest: all.filter((name) => !isTried(name)) };
}
