import type { CanonicalInputs } from "../args/args";
import { type CheckFailure, Failures } from "../args/failures";
import { View } from "../args/view";
import { checkAwsConfig } from "../aws/awsConfig";
import { checkShape } from "./limits";
import { normalize } from "./normalize";
import { checkCompute } from "./rules/compute";
import { checkData } from "./rules/data";
import { checkGpus } from "./rules/gpus";
import { checkImages } from "./rules/image";
import { checkKeys } from "./rules/keys";
import { checkObserve } from "./rules/observe";
import { checkRegion } from "./rules/region";
import { checkScript } from "./rules/script";

export type { CheckFailure } from "../args/failures";

/** What check answers. */
export interface CheckedInputs {
  /** Canonical inputs, with the sentinels of values not known yet kept. Of no use when there are failures. */
  inputs: CanonicalInputs;
  /** Everything that is wrong, all at once. */
  failures: CheckFailure[];
  /** What may be wrong, and is left to AWS: values newer than the model of its API, and settings without effect. */
  warnings: CheckFailure[];
}

/**
 * Bring the inputs into their canonical form and refuse whatever SageMaker would refuse, or would silently not do,
 * before anything is created: first each property by itself, then the properties together.
 */
export function checkInputs(news: Record<string, unknown>): CheckedInputs {
  const failures = new Failures();
  const { inputs, written } = normalize(news, failures);
  checkShape(failures, "TrainingJob", "", inputs);
  checkAwsConfig(inputs.awsConfig, failures);

  const view = new View(inputs);
  for (const check of [
    checkCompute,
    checkImages,
    checkGpus,
    checkData,
    checkKeys,
    checkScript,
    checkObserve,
    checkRegion,
  ]) {
    check(view, failures);
  }
  for (const [canonical, shorthand] of written) {
    failures.rename(canonical, shorthand);
  }
  return {
    inputs: inputs as unknown as CanonicalInputs,
    failures: failures.list,
    warnings: failures.warnings,
  };
}

/** What checkInputs refuses for the job's region, for a region that is only found out after it. */
export function checkPlaces(inputs: CanonicalInputs): Pick<CheckedInputs, "failures" | "warnings"> {
  const failures = new Failures();
  checkRegion(new View(inputs), failures);
  return { failures: failures.list, warnings: failures.warnings };
}
