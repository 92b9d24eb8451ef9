import { beginningOf } from "../wholeCharacters.ts";

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
export function algorithmError(failureFile: string, exitCode: number, note = ""): string {
  return fitted(`AlgorithmError: ${failureFile.trim()}`, `, exit code: ${exitCode}${note}`);
}

/** FailureReason of everything else that ends a job. `note` is said in any case, however long the error is. */
export function failureReason(error: unknown, note = ""): string {
  const message = error instanceof Error ? error.message : String(error);
  const kind =
    error instanceof ClientFault
      ? "ClientError"
      : error instanceof CapacityFault
        ? "CapacityError"
        : "InternalServerError";
  return fitted(`${kind}: ${message}`, note);
}

/** What FailureReason says of files that could not be uploaded. */
export const keptNote = (folder: string | undefined) =>
  folder === undefined ? "" : ` (What the job wrote could not be uploaded and is kept in ${folder})`;

const fitted = (text: string, end: string) =>
  beginningOf(`${beginningOf(text, limit - end.length)}${end}`, limit);
