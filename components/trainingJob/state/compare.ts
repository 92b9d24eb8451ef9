import type { DiffResult } from "@pulumi/pulumi/dynamic";
import type { CanonicalInputs } from "../args/args";
import { isTerminal } from "../aws/api";
import { diffInputs } from "../identity/definition";
import { restored } from "./fit";
import type { TrainingJobState } from "./state";

export interface Difference extends DiffResult {
  changes: boolean;
  replaces: string[];
  /** What forces a replacement, for the user. Names only: a value may be a secret. */
  explanation?: string;
}

/** What the next deployment has to do about a job: nothing, update it, or run another in its place. */
export function compare(state: TrainingJobState, news: CanonicalInputs): Difference {
  const olds = restored(state, news);
  const { replaces, updates } = diffInputs(olds, news);
  // The job that is adopted already may be named or not; another one takes its place.
  if (news.adopt && news.adopt !== olds.trainingJobName) replaces.push("adopt");
  const unusable = unusableBecause(olds);
  const files = replaces.includes("sourceUri") ? changedFiles(olds.sourceFiles, news.sourceFiles) : [];
  const causes = [...replaces, ...files, ...(unusable ? [unusable.reason] : [])];
  const unfinished = !isTerminal(olds.status);
  return {
    changes: causes.length > 0 || updates.length > 0 || unfinished,
    replaces: [...replaces, ...(unusable ? [unusable.property] : [])],
    // A job that still runs with the old inputs is stopped first: nobody waits for it, and both would be paid for.
    ...(unfinished && replaces.length > 0 ? { deleteBeforeReplace: true } : {}),
    ...(causes.length > 0 ? { explanation: `Trains again because of: ${causes.join(", ")}` } : {}),
  };
}

/** Why a job in the state has nothing to offer to those who depend on it. */
function unusableBecause(olds: TrainingJobState): { property: string; reason: string } | undefined {
  const name = olds.trainingJobName;
  if (!isTerminal(olds.status)) return undefined;
  if (olds.status !== "Completed") return { property: "status", reason: `${name} ended ${olds.status}` };
  if (!olds.modelArtifact) {
    return { property: "modelArtifact", reason: `the model artifact of ${name} is gone` };
  }
  return undefined;
}

function changedFiles(before: Record<string, string> = {}, after: Record<string, string> = {}): string[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return paths
    .filter((path) => before[path] !== after[path])
    .map((path) => {
      if (!(path in before)) return `${path} (added)`;
      return path in after ? `${path} (changed)` : `${path} (removed)`;
    });
}
