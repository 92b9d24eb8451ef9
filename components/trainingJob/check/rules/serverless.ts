import type { Failures } from "../../args/failures";
import type { View } from "../../args/view";

/** What a serverless job chooses by itself, or has no container for (terraform-provider-aws refuses the same). */
const EXCLUDED = [
  "algorithmSpecification",
  "resourceConfig",
  "environment",
  "retryStrategy",
  "checkpointConfig",
  "debugHookConfig",
  "experimentConfig",
  "profilerConfig",
  "profilerRuleConfigurations",
  "tensorBoardOutputConfig",
  "sourceUri",
  "entryPoint",
  "distribution",
];

/** Rules for a serverless customisation of a foundation model. */
export function checkServerless(view: View, failures: Failures): void {
  for (const property of EXCLUDED.filter((each) => view.has(each))) {
    failures.add(property, "excludes serverlessJobConfig; remove one of the two");
  }
  // Filled in where managed spot training is on, however it was written.
  if (view.has("spot")) {
    failures.add("spot", "excludes serverlessJobConfig, which rents no machines; remove one of the two");
  }
  const job = "serverlessJobConfig";
  if (view.is(`${job}.jobType`, "Evaluation")) {
    failures.add(
      `${job}.jobType`,
      '"Evaluation" leaves no model artifact, for which this resource waits: it would be paid for again by every `pulumi up`; use aws.sagemaker.TrainingJob for it',
    );
  }
  const length = Number(view.text(`${job}.sequenceLength`)?.match(/^(\d+)K$/)?.[1] ?? 1);
  if (length < 1 || length > 1024) {
    failures.add(`${job}.sequenceLength`, `${length}K is outside 1K to 1024K`);
  }
}
