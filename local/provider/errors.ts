/** Errors of AWS, told so that the reader knows what to do next. */

/** An error of the AWS SDK, as far as it is used here. */
interface SdkError {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  /** Whose fault it is. */
  readonly $fault?: "client" | "server";
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const operations = new WeakMap<object, string>();

/** Notes which operation an error comes from: `S3Client`, `PutObjectCommand` -> `s3:PutObject`. */
export function failedOperation(error: unknown, clientName: string, commandName: string): unknown {
  if (typeof error === "object" && error !== null) {
    // As in IAM actions: s3, logs, ...
    const service = clientName
      .replace(/Client$/, "")
      .replace("CloudWatchLogs", "Logs")
      .replace("EventBridge", "events")
      .toLowerCase();
    operations.set(error, `${service}:${commandName.replace(/Command$/, "")}`);
  }
  return error;
}

/** Whether the error has one of the codes, such as NoSuchBucket. */
export function isError(error: unknown, ...codes: string[]): boolean {
  const { name, code } = (error ?? {}) as SdkError;
  return codes.some((c) => c === name || c === code);
}

/** Codes by which the services say that a resource does not exist. */
const missingCodes = [
  "NoSuchEntity",
  "NoSuchEntityException",
  "NoSuchBucket",
  "NoSuchKey",
  "NoSuchUpload",
  "NotFound",
  "NoSuchBucketPolicy",
  "NoSuchLifecycleConfiguration",
  "NoSuchPublicAccessBlockConfiguration",
  "NoSuchTagSet",
  "ServerSideEncryptionConfigurationNotFoundError",
  "RepositoryNotFoundException",
  "LifecyclePolicyNotFoundException",
  "ImageNotFoundException",
  "ResourceNotFound",
  "ResourceNotFoundException",
  "DashboardNotFoundError",
];

/** Whether AWS says that what was asked for does not exist. SageMaker says it with a ValidationException. */
export function isMissing(error: unknown): boolean {
  if (isError(error, ...missingCodes)) return true;
  const { message = "", $metadata } = (error ?? {}) as SdkError;
  if (isError(error, "ValidationException")) {
    return /could not find|not found|does not exist/i.test(message);
  }
  return $metadata?.httpStatusCode === 404;
}

/** The result, or undefined when AWS says that there is no such thing. */
export async function ifExists<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const hints: readonly (readonly [codes: string[], hint: string])[] = [
  [
    ["ECONNREFUSED", "ECONNRESET", "ENOENT", "TimeoutError"],
    "No AWS answers at AWS_ENDPOINT_URL: start the local one with `npm run local`.",
  ],
  [["CredentialsProviderError"], 'No AWS credentials: set up the shell with eval "$(npm run -s local:env)".'],
  [
    ["BucketNotEmpty"],
    "Empty the bucket, or set `forceDestroy: true` on it and run `pulumi up` before deleting it.",
  ],
  [
    ["RepositoryNotEmptyException"],
    "Delete its images, or set `forceDelete: true` on it and run `pulumi up` before deleting it.",
  ],
  [
    ["DeleteConflict", "DeleteConflictException"],
    "Detach what is attached to it, or set `forceDetachPolicies: true`.",
  ],
  [
    [
      "BucketAlreadyExists",
      "BucketAlreadyOwnedByYou",
      "EntityAlreadyExists",
      "EntityAlreadyExistsException",
      "RepositoryAlreadyExistsException",
      "ResourceAlreadyExistsException",
      "ResourceInUse",
    ],
    "Give it another name, delete the other one, or take that one over with `pulumi import`.",
  ],
  [
    ["AccessDenied", "AccessDeniedException", "InvalidClientTokenId", "SignatureDoesNotMatch"],
    "Check the credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY and what they may do.",
  ],
  [
    ["MalformedPolicyDocument", "MalformedPolicyDocumentException", "MalformedPolicy"],
    "Correct the policy document.",
  ],
];

/** What to do about an error that has no hint of its own. */
function generalHint(error: SdkError): string {
  if (isMissing(error)) return "Something it needs is gone: run `pulumi refresh`, then `pulumi up`.";
  return error.$fault === "client"
    ? "Correct what AWS objects to, and run `pulumi up` again."
    : "The log of the local AWS, .local/aws.log, may say more.";
}

/** One line for the user: what was done, to which resource when there is one, what AWS said, and what to do. */
export function explain(error: unknown, subject?: string): Error {
  const about = subject ? `${subject}: ` : "";
  if (!(error instanceof Error)) return new Error(about + String(error));
  const operation = operations.get(error);
  if (!operation) return new Error(about + error.message, { cause: error });
  const { name, code } = error as SdkError;
  const hint = hints.find(([codes]) => isError(error, ...codes))?.[1] ?? generalHint(error);
  const reason = error.message || code || name || "no reason given";
  const label = name && name !== "Error" && !reason.includes(name) ? `${name}: ` : "";
  return new Error(`${about}${operation} failed: ${label}${sentence(reason)} ${hint}`, { cause: error });
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
