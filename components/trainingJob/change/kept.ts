import { parseS3Uri } from "../args/s3Uri";
import type { Progress } from "../run/progress";
import type { TrainingJobState } from "../state/state";

/** Says what stays of a training that is removed, and how a later deployment goes on with its bucket. */
export function sayKept(state: TrainingJobState, progress: Progress): void {
  const { deletePolicy, status, modelArtifact, metrics = {}, logUrn } = state;
  if (deletePolicy === "delete" || status !== "Completed" || !modelArtifact) return;
  const values = Object.entries(metrics).map(([name, value]) => `${name} ${value}`);
  const told = values.length > 0 ? ` (${values.join(", ")})` : "";
  const bucket = parseS3Uri(modelArtifact)?.bucket;
  const again = logUrn?.includes("training:index:Experiment$")
    ? ` After a destroy, the next deployment of this stack takes its bucket up again; another stack does with: pulumi config set training:bucketName ${bucket}`
    : "";
  progress.info(`Kept: ${modelArtifact}${told}.${again}`);
}
