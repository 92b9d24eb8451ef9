import type { CanonicalInputs } from "../args/args";
import { configSet } from "../args/shellWord";
import { isRecord } from "../args/unknown";
import type { Change } from "../identity/changes";
import type { TrainingJobState } from "./state";

/** What another training takes away, and may not be meant. */
export function consequences(olds: TrainingJobState, news: CanonicalInputs, changes: Change[]): string[] {
  return [...deletedModel(olds), ...leftOut(olds, news, changes)];
}

/** A replacement ends what it replaces: with "delete" the model goes too. */
function deletedModel({ deletePolicy, status, modelArtifact, metrics = {} }: TrainingJobState): string[] {
  if (deletePolicy !== "delete" || status !== "Completed" || !modelArtifact) return [];
  const values = Object.entries(metrics).map(([name, value]) => `${name} ${value}`);
  const told = values.length > 0 ? ` (${values.join(", ")})` : "";
  return [
    `The model ${modelArtifact}${told} is deleted after that, as its deletePolicy is "delete": "retain" keeps it.`,
  ];
}

/**
 * `-c --config-path` and JSON on the command line replace a whole map, where one value was meant. Another script has other arguments:
 * then nothing is said.
 */
function leftOut(olds: TrainingJobState, news: CanonicalInputs, changes: Change[]): string[] {
  const gone = changes.flatMap(({ path, after }) =>
    after === undefined ? (/^hyperparameters\.(.+)$/.exec(path)?.[1] ?? []) : [],
  );
  const others = isRecord(news.hyperparameters) && Object.keys(news.hyperparameters).length > 0;
  if (gone.length === 0 || !others || changes.some(({ path }) => path === "sourceUri")) return [];
  const secret = (olds.secretInputs ?? []).some(([top]) => top === "hyperparameters");
  const how = news.logUrn?.includes("training:index:Experiment$")
    ? ` To put them back: ${gone.map((name) => command(name, secret ? undefined : olds.hyperparameters?.[name])).join("; ")}.`
    : "";
  return [
    `${gone.length} of the hyperparameters before are left out now: ${gone.join(", ")}. A map that is set as a whole has only what is set.${how}`,
  ];
}

function command(name: string, value: unknown): string {
  const plain = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return configSet(`training:hyperparameters.${name}`, plain ? String(value) : "VALUE", ["--path"]);
}
