import type { CanonicalInputs } from "../args/args";
import type { TrainingJobFacts } from "./facts";
import type { Trimmed } from "./fit";

/** What the state holds of a job: the inputs, echoed, and the facts of the run. */
export type TrainingJobState = CanonicalInputs & TrainingJobFacts & Trimmed;
