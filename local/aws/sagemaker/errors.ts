/** An answer that the service gives instead of a result; becomes `{ "__type": ..., "message": ... }`. */
export class AwsError extends Error {
  /** The error code that SDKs show, such as `ValidationException`. */
  readonly code: string;
  /** HTTP status; SageMaker answers 400 to everything that the caller can mend. */
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = "AwsError";
    this.code = code;
    this.status = status;
  }
}

export const validationError = (message: string) => new AwsError("ValidationException", message);

/** SageMaker says this as a ValidationException, not as ResourceNotFound, for a job that does not exist. */
export const notFound = () => validationError("Requested resource not found.");

export const resourceInUse = (message: string) => new AwsError("ResourceInUse", message);

export const limitExceeded = (message: string) => new AwsError("ResourceLimitExceeded", message);
