import { type ProcessOptions, processEnvironment, requested } from "../../training/process/environment.ts";
import { containerOf, type ModelRequest } from "../records/record.ts";

/** Variables of the AWS PyTorch inference images; a model may set them otherwise, as on SageMaker. */
const image = { SAGEMAKER_SERVING_MODULE: "sagemaker_pytorch_serving_container.serving:main" };

/** The environment of a model server: that of the image, the model's own, and what running here needs. */
export function serverEnvironment(
  model: ModelRequest,
  options: Omit<ProcessOptions, "own" | "threads">,
  outer: NodeJS.ProcessEnv,
): Record<string, string> {
  const own = { ...image, ...requested(containerOf(model).Environment, options.base) };
  return processEnvironment({ ...options, own, threads: 1 }, outer);
}
