import type { CanonicalInputs } from "../args/args";
import { regionOf as regionOfArn } from "../aws/arn";
import type { TrainingJobFacts } from "./facts";
import type { Trimmed } from "./fit";

/** What the state holds of a job: the inputs, echoed, and the facts of the run. */
export type TrainingJobState = CanonicalInputs & TrainingJobFacts & Trimmed;

/** The region that the job was created in: pinned in the inputs, and for states of earlier releases read from its ARN. */
export const regionOf = ({ region, trainingJobArn }: Partial<TrainingJobState>): string | undefined =>
  region ?? regionOfArn(trainingJobArn);
