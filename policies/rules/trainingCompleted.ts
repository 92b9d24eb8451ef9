import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { textAt } from "../lib/properties";
import { Unknowns } from "../lib/unknowns";
import { dynamicType } from "../training/adapter";
import { isLeftOut } from "../training/rule";
import { trainsInDeployment } from "../training/scope";

export const trainingCompleted: StackValidationPolicy = {
  name: "training-completed",
  description: "Every training job of the stack ran to its end and left an artifact.",
  enforcementLevel: "advisory",
  severity: "medium",
  validateStack: (args, reportViolation) => {
    const unknowns = new Unknowns();
    const waiting: string[] = [];
    for (const job of args.resources.filter(trainsInDeployment)) {
      if (isLeftOut(job.props)) continue;
      unknowns.look(() => {
        const finding = judge(job);
        if (finding === "not run yet") {
          waiting.push(job.name);
        } else if (finding !== undefined) {
          reportViolation(finding, job.urn);
        }
      }, `"${job.name}": `);
    }
    unknowns.rethrow("the rule looks again at the end of the update, when the job has run.");
    if (waiting.length > 0) {
      args.notApplicable(`${waiting.join(", ")} not run yet; the rule looks again at the end of the update.`);
    }
  },
};

/** What is wrong with a job; nothing, or that it has not run yet and has no status to look at. */
function judge({ type, name, props }: PolicyResource): string | undefined {
  if (type !== dynamicType) {
    return (
      `"${name}" does not tell how its training ended, as ${typeName(type)} returns when the job has been accepted; ` +
      "it must be Completed. Use a resource that waits for the job and has its status."
    );
  }
  const status = textAt(props, "status");
  if (status === undefined) {
    return "not run yet";
  }
  if (status !== "Completed") {
    const reason = textAt(props, "failureReason");
    return (
      `training job "${name}" is ${status}${reason === undefined ? "" : ` (${reason})`}; it must be Completed. ` +
      "Mend what its failure reason and its log say, and deploy again."
    );
  }
  if (textAt(props, "modelArtifact") === undefined) {
    return (
      `training job "${name}" is Completed and left no model artifact; it must leave one. ` +
      "Let the script write the model to the directory that SM_MODEL_DIR names."
    );
  }
  return undefined;
}

/** `aws:sagemaker/trainingJob:TrainingJob` -> `aws.sagemaker.TrainingJob`, as a program has it. */
function typeName(type: string): string {
  const [provider = "", module = "", name = ""] = type.split(":");
  return [provider, module.split("/")[0], name].join(".");
}
