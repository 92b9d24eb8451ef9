/** The longest FailureReason of the API. */
const limit = 1024;

/** A failure that is the request's: FailureReason `ClientError: ...`. */
export class ClientFault extends Error {}

/** A failure for lack of instances: FailureReason `CapacityError: ...`. */
export class CapacityFault extends Error {
  constructor() {
    super(
      "Unable to provision requested ML compute capacity. Please retry using a different ML instance type.",
    );
  }
}

/** A failure that is the service's own: FailureReason `InternalServerError: ...`; a RetryStrategy may restart. */
export class InternalFault extends Error {
  constructor(message = "We encountered an internal error.  Please try again.") {
    super(message);
  }
}

/**
 * FailureReason of a script that failed, as SageMaker builds it: what the container wrote to output/failure,
 * cut to fit, and the exit code.
 */
export function algorithmError(failureFile: string, exitCode: number): string {
  const suffix = `, exit code: ${exitCode}`;
  const prefix = "AlgorithmError: ";
  return `${prefix}${failureFile.trim().slice(0, limit - prefix.length - suffix.length)}${suffix}`;
}

/** FailureReason of everything else that ends a job. */
export function failureReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const kind =
    error instanceof ClientFault
      ? "ClientError"
      : error instanceof CapacityFault
        ? "CapacityError"
        : "InternalServerError";
  return `${kind}: ${message}`.slice(0, limit);
}
