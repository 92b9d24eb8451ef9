import type { OwnInputs } from "../args/args";

/** How a job ended, as far as it tells whether another one is to follow. */
export interface Ending {
  status?: string;
  /** SageMaker's FailureReason. */
  failureReason?: string | null;
}

/**
 * Whether a failure is a result that stays: wanted so, and the doing of the script, which the same inputs would bring again. SageMaker's
 * name for that is AlgorithmError; what lacked capacity, was stopped or broke inside SageMaker may come out otherwise the next time.
 */
export const isResult = ({ status, failureReason }: Ending, onFailure: OwnInputs["onFailure"]): boolean =>
  onFailure === "record" && status === "Failed" && /^AlgorithmError/.test(failureReason ?? "");
