import { type Failures, shown } from "../../args/failures";
import type { View } from "../../args/view";
import { builtInOf } from "./builtIns";
import { isAccelerated } from "./instanceTypes";

const IMAGE = "algorithmSpecification.trainingImage";

/** A registry, then a repository in small letters as Docker has it, then a tag, a digest or both. */
const PATH =
  /^[^\s:/]+(:\d+)?(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)+(:[\w.-]{1,128})?(@sha256:[0-9a-f]{64})?$/;

/** An Amazon ECR of an account, by any of its endpoints. */
const ECR = /^\d{12}\.dkr[.-]ecr/;

/** Rules on the images that a job runs, its own and those of its rules. */
export function checkImages(view: View, failures: Failures): void {
  checkPath(view, failures, IMAGE);
  checkRegistry(view, failures);
  checkBuiltIn(view, failures);
  checkFlavour(view, failures);
  for (const list of ["debugRuleConfigurations", "profilerRuleConfigurations"]) {
    for (const [index, rule] of view.list(list).entries()) {
      checkPath(rule, failures, "ruleEvaluatorImage", `${list}[${index}].`);
    }
  }
}

function checkPath(view: View, failures: Failures, property: string, prefix = ""): void {
  const path = view.text(property);
  if (path === undefined || PATH.test(path)) return;
  failures.add(
    prefix + property,
    `${shown("", path)} is not an image path; write registry/repository:tag or registry/repository@sha256:..., the repository in small letters`,
  );
}

/** SageMaker pulls from Amazon ECR: "Please provide a valid Amazon Elastic Container Registry path of the Docker image to run." */
function checkRegistry(view: View, failures: Failures): void {
  const path = view.text(IMAGE);
  const mode = "algorithmSpecification.trainingImageConfig.trainingRepositoryAccessMode";
  if (path === undefined || ECR.test(path) || view.maybe(mode, "Vpc")) return;
  failures.add(
    IMAGE,
    `${shown("", path)} is not in Amazon ECR; push it there, or set trainingImageConfig.trainingRepositoryAccessMode to "Vpc" for a private registry in the job's VPC`,
  );
}

/** "You can't override the metric definitions for Amazon SageMaker algorithms." */
function checkBuiltIn(view: View, failures: Failures): void {
  const builtIn = builtInOf(view);
  if (builtIn === undefined) return;
  const metrics = "algorithmSpecification.metricDefinitions";
  if (view.list(metrics).length > 0) {
    failures.add(metrics, "is refused for an algorithm of SageMaker, which has its own; remove it");
  }
  if (view.has("sourceUri") && !builtIn.takesScript) {
    failures.add(
      "sourceUri",
      "excludes a built-in algorithm, which runs no script; remove it, or choose a framework image",
    );
  }
}

/** Warn of one of AWS's images that is made for other machines, or for another use, than this job. */
function checkFlavour(view: View, failures: Failures): void {
  const [, repository, tag] =
    /^\d{12}\.dkr\.ecr\.[^/]+\/([\w-]+):([\w.-]+)/.exec(view.text(IMAGE) ?? "") ?? [];
  if (repository === undefined || tag === undefined) return;
  if (/^(pytorch|tensorflow|huggingface-\w+|mxnet)-inference(-neuronx?)?$/.test(repository)) {
    failures.warn(IMAGE, `${repository} is an image that serves models; one that trains ends in -training`);
  }
  const type = view.text("resourceConfig.instanceType");
  if (type === undefined || !/-training(-neuronx?)?$/.test(repository)) return;
  const neuron = /-neuronx?$/.test(repository);
  if (neuron !== /^ml\.(trn|inf)/.test(type) && (neuron || isAccelerated(type))) {
    failures.warn(
      IMAGE,
      `${repository} is ${neuron ? "" : "not "}made for the chips of ml.trn, and the job runs on ${type}`,
    );
  } else if (!neuron && /(^|-)cpu(-|$)/.test(tag) && isAccelerated(type)) {
    failures.warn(
      IMAGE,
      `${repository}:${tag} has no CUDA: the GPUs of ${type} are paid for and stay idle; take the image with -gpu-`,
    );
  }
}
