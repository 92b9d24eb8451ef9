import type { DiffResult } from "@pulumi/pulumi/dynamic";
import type { CanonicalInputs } from "../args/args";
import { isUnknown } from "../args/unknown";
import { isTerminal } from "../aws/api";
import { type Change, definingChanges, describeChange } from "../identity/changes";
import { consequences } from "./consequences";
import { restored } from "./fit";
import { isResult } from "./result";
import { regionOf, type TrainingJobState } from "./state";

export interface Difference extends DiffResult {
  changes: boolean;
  replaces: string[];
  /** What forces a replacement, for the user, with old and new values; those of secrets are not shown. */
  explanation?: string;
  /** What a replacement takes away, and may not be meant. */
  warnings?: string[];
}

/**
 * Inputs that change nothing about a training, but that later operations read from the state.
 * `secretInputs`: an input that becomes a secret must be encrypted in the state.
 */
const UPDATABLE = [
  "tags",
  "spot",
  "onCancel",
  "deletePolicy",
  "onFailure",
  "adopt",
  "livePrices",
  "secretInputs",
  "awsConfig",
  // Of data that had none: later changes are told by the first. Other fingerprints are another training.
  "dataFingerprints",
] as const;

/** What the next deployment has to do about a job: nothing, update it, or run another in its place. */
export function compare(state: TrainingJobState, news: CanonicalInputs): Difference {
  const olds = restored(state, news);
  const lost = (state.omitted ?? []).filter((name) => !(name in olds));
  const changes = withoutLost(definingChanges(olds, news), lost);
  const replaces = changes.map(({ path }) => path);
  const secrets = [...(olds.secretInputs ?? []), ...(news.secretInputs ?? [])];
  const files = replaces.includes("sourceUri") ? changedFiles(olds.sourceFiles, news.sourceFiles) : [];
  const causes = changes.map((change) => {
    // Which files changed says more than the digests in two locations.
    if (change.path === "sourceUri" && files.length > 0) return ["sourceUri", ...files].join(", ");
    return lost.includes(change.path) ? change.path : describeChange(change, secrets);
  });
  const moved = movedTo(olds, news);
  if (moved) {
    replaces.push("region");
    causes.push(`region: ${regionOf(olds)} -> ${isUnknown(moved) ? "not known yet" : moved}`);
  }
  // The job that is adopted already may be named or not; another one takes its place.
  if (news.adopt && news.adopt !== olds.trainingJobName) {
    replaces.push("adopt");
    causes.push(`adopt: ${olds.trainingJobName} -> ${isUnknown(news.adopt) ? "not known yet" : news.adopt}`);
  }
  const unusable = isResult(olds, news.onFailure) ? undefined : unusableBecause(olds);
  if (unusable) {
    replaces.push(unusable.property);
    causes.push(unusable.reason);
  }
  const warnings = replaces.length > 0 ? consequences(olds, news, changes) : [];
  const updated =
    UPDATABLE.some((name) => differ(olds[name], news[name])) || differ(keepAlive(olds), keepAlive(news));
  return {
    changes: replaces.length > 0 || updated || !isTerminal(olds.status),
    replaces,
    ...(warnings.length > 0 ? { warnings } : {}),
    ...(causes.length > 0 ? { explanation: `Trains again because of: ${causes.join(", ")}` } : {}),
  };
}

/** Of an input that the state had no room for nothing but its name can be told. */
function withoutLost(changes: Change[], lost: string[]): Change[] {
  const nameOf = ({ path }: Change) => lost.find((name) => path === name || path.startsWith(`${name}.`));
  const named = changes.map((change) => ({ ...change, path: nameOf(change) ?? change.path }));
  return named.filter(({ path }, index) => named.findIndex((each) => each.path === path) === index);
}

const keepAlive = ({ resourceConfig }: CanonicalInputs): unknown =>
  resourceConfig?.keepAlivePeriodInSeconds ?? 0;

/** A job stays in its region for good; inputs without one, of earlier releases, mean the job's. */
function movedTo(olds: TrainingJobState, { region }: CanonicalInputs): string | undefined {
  const before = regionOf(olds);
  return region && before && (isUnknown(region) || region !== before) ? region : undefined;
}

/** Unset, null and empty mean the same. */
function differ(before: unknown, after: unknown): boolean {
  return JSON.stringify(inOrder(before) ?? {}) !== JSON.stringify(inOrder(after) ?? {});
}

function inOrder(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value ?? undefined;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined && inner !== null)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
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
