import type { Failures } from "../../args/failures";
import type { View } from "../../args/view";

/** GPUs of the types that have more than one (Amazon EC2, "Accelerated computing instances"), by the part before and after the dot. */
const GPUS: [RegExp, number][] = [
  [/^ml\.g7e\.12xlarge$/, 2],
  [/^ml\.g7e\.24xlarge$/, 4],
  [/^ml\.(g4dn\.12xlarge|g(5|6|6e)\.(12|24)xlarge|p3\.8xlarge|p6e-\w+\.36xlarge)$/, 4],
  [/^ml\.(g(5|6|6e|7e)\.48xlarge|p2\.8xlarge|p3\.16xlarge|p3dn\.24xlarge|p4de?\.24xlarge)$/, 8],
  [/^ml\.(p5\w*|p6-\w+)\.48xlarge$/, 8],
  [/^ml\.p2\.16xlarge$/, 16],
];

/** Warn of machines and GPUs that are paid for, and that a script which is started once has no part in. */
export function checkGpus(view: View, failures: Failures): void {
  const type = view.text("resourceConfig.instanceType");
  // Of one that is not known yet nothing is said.
  const isOnce = !view.has("distribution") || view.is("distribution", "none");
  if (!view.has("sourceUri") || type === undefined || !isOnce) return;
  const count = view.number("resourceConfig.instanceCount") ?? 1;
  const gpus = GPUS.find(([types]) => types.test(type))?.[1] ?? 1;
  const fix =
    'set distribution to "torchDistributed", which starts a process for each GPU; leave it where the script itself starts them';
  if (gpus > 1) {
    failures.warn(
      "distribution",
      `"none" starts the script once on a machine, and ${type} has ${gpus} GPUs: ${gpus - 1} of them may stay idle; ${fix}`,
    );
  } else if (count > 1) {
    failures.warn(
      "distribution",
      `"none" starts the script on each of the ${count} machines by itself: without a word between them each trains the same; ${fix}`,
    );
  }
}
