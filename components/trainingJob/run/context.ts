import type { CanonicalInputs } from "../args/args";
import type { JobDescription } from "../aws/api";
import type { Ownership } from "../identity/owner";
import type { Attempt } from "../state/facts";
import type { FollowContext } from "./follow";

/** Everything that the run of one training is given. */
export interface RunContext extends FollowContext {
  inputs: CanonicalInputs;
  ownership: Ownership;
  /** The mark in the state, where it is not that of the inputs: a job that was moved between stacks. */
  statedMark: string | undefined;
  /** Jobs that the state names: ours, whatever they are called. */
  stated: Attempt[];
  /** Marks every job of this run as this creation's own. */
  claim: string;
  region: string;
  /** Told of every job as soon as it is known to run, so that a cancelled deployment can name it. */
  onJob(job: JobDescription, earlier: Attempt[]): void;
}
