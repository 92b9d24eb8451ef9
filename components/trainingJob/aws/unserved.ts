import type { HandlerExecutionContext, Pluggable } from "@smithy/types";

/** An endpoint that lacks an operation, or is no endpoint of AWS at all: to ask it again would change nothing. */
export class UnservedOperationError extends Error {
  constructor(operation: string, endpoint: string, answer: string) {
    super(
      `${operation} is not served by ${endpoint}, which answered ${answer}: correct the endpoint in aws:endpoints or AWS_ENDPOINT_URL.`,
    );
    this.name = "UnservedOperationError";
  }
}

const NAMES =
  /^(UnknownOperation(Exception)?|InvalidAction|NotImplemented(Error|Exception)?|UnsupportedOperation(Exception)?)$/;
/** Method Not Allowed, Not Implemented. */
const STATUSES = [405, 501];
/** What proxies and load balancers say while AWS behind them is away: it may pass. */
const PASSING = [429, 502, 503, 504];

interface SdkFault extends Error {
  /** "client" or "server" where the body was an error of AWS's, however short. */
  $fault?: string;
  $response?: { statusCode?: number; headers?: Record<string, string> };
}

interface Request {
  method?: string;
  protocol?: string;
  hostname?: string;
  port?: number;
}

/** Makes a client tell an operation that its endpoint does not serve from a fault of AWS's, for all of its calls. */
export const saysWhatIsUnserved: Pluggable<object, object> = {
  applyToStack: (stack) =>
    stack.add(
      (next, context) => async (args) => {
        try {
          return await next(args);
        } catch (error) {
          throw unserved(error as SdkFault, context, args.request as Request) ?? error;
        }
      },
      { step: "deserialize", priority: "high", name: "saysWhatIsUnserved", override: true },
    ),
};

function unserved(
  error: SdkFault,
  { commandName = "", clientName = "" }: HandlerExecutionContext,
  { method, protocol, hostname, port }: Request,
): Error | undefined {
  const status = error.$response?.statusCode;
  if (status === undefined || PASSING.includes(status)) return undefined;
  const operation = commandName.replace(/Command$/, "");
  const type = error.$response?.headers?.["content-type"];
  const nothing = status === 404 && error.name === "Unknown";
  // The answer to a HEAD request has no body to tell by: for S3 it is an object that is not there.
  const page = method !== "HEAD" && /^text\/html\b/.test(type ?? "");
  if (!NAMES.test(error.name) && !STATUSES.includes(status) && !nothing && !page && !isForeign(error)) {
    return undefined;
  }
  return new UnservedOperationError(
    `${clientName.replace(/Client$/, "")}'s ${operation}`,
    `${protocol}//${hostname}${port ? `:${port}` : ""}`,
    [`status ${status}`, type].filter(Boolean).join(", "),
  );
}

/** A body that cannot be read as AWS's. One that was cut off is AWS's. */
const isForeign = (error: SdkFault): boolean =>
  error.$fault === undefined &&
  error.message.includes("Deserialization error") &&
  !/Unexpected end|Unterminated/.test(error.message);
