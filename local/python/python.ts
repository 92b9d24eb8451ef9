import type { Report } from "../report.ts";
import { type Environment, ensureEnvironment } from "./environment.ts";

/** Runs training jobs, with what AWS's PyTorch 2.4 image holds, and makes the local stack's image data. */
export const training: Environment = {
  name: "training",
  what: "the Python training environment (torch 2.4.0, MONAI 1.4.0, SageMaker's toolkits)",
  expect: "2 to 5 minutes and 6 GB, once per machine",
  locks: ["training.txt", "data.txt"],
  buildConstraints: "build-constraints.txt",
  python: {
    range: ">=3.10.0 <3.13.0",
    words: "3.10, 3.11 or 3.12",
    reason: "since torch 2.4.0 has no build for a newer one",
  },
  imports: [
    "torch",
    "monai",
    "sagemaker_training.cli.train",
    "sagemaker_pytorch_container.training",
    "sagemaker_pytorch_serving_container.handler_service",
    "boto3",
    "nibabel",
    "PIL",
  ],
};

/** Serves the AWS services of the local stack other than SageMaker. */
export const ministack: Environment = {
  name: "ministack",
  what: "the Python environment of the local AWS (ministack 1.5.33)",
  expect: "under a minute, once per machine",
  locks: ["ministack.txt"],
  python: {
    range: ">=3.10.0 <3.15.0",
    words: "3.10 to 3.14",
    reason: "the versions that its packages were locked for",
  },
  imports: ["ministack.app", "hypercorn"],
};

/** Formats and lints the Python files. */
const lint: Environment = {
  name: "lint",
  what: "the Python linter (ruff)",
  expect: "a few seconds, once per machine",
  locks: ["lint.txt"],
  python: { range: ">=3.10.0", words: "3.10 or newer", reason: "the oldest that this project supports" },
  imports: ["ruff"],
};

/** Path of the Python that has ruff; installs it first where needed. */
export function ensureLintPython(report: Report): Promise<string> {
  return ensureEnvironment(lint, report);
}

/** Path of the Python that runs training jobs; installs it first where needed. */
export function ensureTrainingPython(report: Report): Promise<string> {
  return ensureEnvironment(training, report);
}

/** Path of the Python that runs ministack; installs it first where needed. */
export function ensureMinistackPython(report: Report): Promise<string> {
  return ensureEnvironment(ministack, report);
}
