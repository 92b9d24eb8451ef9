import type { Caller } from "../../front/caller.ts";
import { logGroupOf } from "../serve/launch.ts";

/** An answer over HTTP, as the runtime of SageMaker gives it (restJson1). */
export interface RuntimeAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** An error of SageMaker's runtime; `more` are the members of its shape. */
export function runtimeError(
  status: number,
  code: string,
  message: string,
  more: object = {},
): RuntimeAnswer {
  return {
    status,
    headers: { "content-type": "application/json", "x-amzn-errortype": code },
    body: Buffer.from(JSON.stringify({ Code: code, Message: message, message, ...more })),
  };
}

export const unavailable = () =>
  runtimeError(503, "ServiceUnavailable", "The service is unavailable. Try your call again.");

export const noEndpoint = (name: string, { account }: Caller) =>
  runtimeError(400, "ValidationError", `Endpoint ${name} of account ${account} not found.`);

/** The limit of the gateway before the runtime, whose error has no name. */
export const tooLarge = (limit: number) => ({
  ...runtimeError(413, "413", `HTTP content length exceeded ${limit} bytes.`),
  headers: { "content-type": "application/json" },
});

/** What SageMaker says where a container takes longer than 60 seconds. Its status is then 0. */
export const timedOut =
  "Your invocation timed out while waiting for a response from container primary. Review the latency metrics for each container in Amazon CloudWatch, resolve the issue, and try again.";

/** A ModelError: what the container answered, and where its log is. `text` is undefined for an answer that could not be read whole. */
export function modelError(
  endpoint: string,
  { region, account }: Caller,
  status: number,
  text: string | undefined,
): RuntimeAnswer {
  const group = logGroupOf(endpoint);
  const said =
    text === undefined ? " and could not load the entire response body" : ` with message "${text}"`;
  const kind = status >= 400 && status < 500 ? "client" : "server";
  const url = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#logEventViewer:group=${group}`;
  return runtimeError(
    424,
    "ModelError",
    `Received ${kind} error (${status}) from primary${said}. See ${url} in account ${account} for more information.`,
    {
      OriginalStatusCode: status,
      OriginalMessage: text ?? "",
      LogStreamArn: `arn:aws:logs:${region}:${account}:log-group:${group}`,
    },
  );
}
