import type { SdkError } from "@smithy/types";

const EXPIRED = ["ExpiredToken", "ExpiredTokenException", "RequestExpired", "CredentialsProviderError"];

/** Throttling, 5xx and connection faults: the same call may succeed later. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const sdk = error as SdkError;
  // Loaded with the first error: a preview without one needs none of it.
  const { isServerError, isThrottlingError, isTransientError } =
    require("@smithy/core/retry") as typeof import("@smithy/core/retry");
  return isThrottlingError(sdk) || isServerError(sdk) || isTransientError(sdk);
}

/** Credentials that ran out: the SDK asks its provider again on each call, so a fresh login ends the fault. */
export function areCredentialsExpired(error: unknown): boolean {
  return EXPIRED.includes((error as Error)?.name);
}

const MISSING = [
  /requested resource not found/i, // SageMaker
  /could not find training job/i, // moto
  /training job\b.*\b(not (be )?found|does not exist)/i,
];

/** SageMaker has no not-found error for jobs: a missing one is a ValidationException with one of these texts. */
export function isMissingJob(error: unknown): boolean {
  const { name, message } = error as Error;
  if (name === "ResourceNotFound" || name === "ResourceNotFoundException") return true;
  return name === "ValidationException" && MISSING.some((text) => text.test(message));
}

/** How patient to be. */
export interface Patience {
  signal?: AbortSignal;
  /** Tries after the first. Default: 12. */
  retries?: number;
  /** Milliseconds to the second try, which then double. Default: 250. */
  minTimeout?: number;
}

/**
 * Runs `work` until it succeeds or fails for good: up to 12 tries more on a transient fault, 0.25 s to 20 s apart with jitter
 * (about 2 minutes in all). The SDK's own retries share one quota per client, which a bad minute uses up.
 */
export async function withRetries<T>(work: () => Promise<T>, options: Patience = {}): Promise<T> {
  const { default: retry } = await import("p-retry");
  return retry(work, {
    retries: options.retries ?? 12,
    factor: 2,
    minTimeout: options.minTimeout ?? 250,
    maxTimeout: 20_000,
    randomize: true,
    signal: options.signal,
    shouldRetry: ({ error }) => isTransient(error),
  });
}
