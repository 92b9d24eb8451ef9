import type { TrainingJobRequest } from "../../sagemaker/record.ts";
import { localize } from "./layout.ts";

/**
 * What the container of a host runs; empty for the toolkit. Words that are a path below /opt/ml are pointed to the base directory.
 *
 * Arguments without an entry point are for the image's own, and AWS's PyTorch images make of them what is made here: `train` is the
 * toolkit, anything else a command for their shell.
 */
export function containerCommand(
  { AlgorithmSpecification: spec }: Pick<TrainingJobRequest, "AlgorithmSpecification">,
  base: string,
): string[] {
  const { ContainerEntrypoint: entryPoint, ContainerArguments: args = [] } = spec ?? {};
  const words = [...(entryPoint ?? []), ...args].map((word) => localize(word, base));
  if (entryPoint) return words;
  return words.length === 0 || words[0] === "train" ? [] : ["/bin/sh", "-c", 'eval "$@"', "sh", ...words];
}
