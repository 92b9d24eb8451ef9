import type { IncomingMessage, ServerResponse } from "node:http";
import type { Doubt } from "./identity.ts";
import { respond } from "./responses.ts";
import { queryValue, type Target } from "./target.ts";

const remedy =
  'The local AWS answers its owner only: set up the shell with eval "$(npm run -s local:env)", or take the credentials from there.';

/** AWS's codes and words, by the protocol of the service: awsJson, awsQuery (IAM, STS, ...), S3. */
const wordings: Record<Doubt, { json: string; query: string; s3: string; message: string }> = {
  unsigned: {
    json: "MissingAuthenticationTokenException",
    query: "MissingAuthenticationToken",
    s3: "AccessDenied",
    message: "The request has no AWS signature.",
  },
  "unknown key": {
    json: "UnrecognizedClientException",
    query: "InvalidClientTokenId",
    s3: "InvalidAccessKeyId",
    message: "The security token included in the request is invalid.",
  },
  "wrong signature": {
    json: "InvalidSignatureException",
    query: "SignatureDoesNotMatch",
    s3: "SignatureDoesNotMatch",
    message: "The request signature we calculated does not match the signature you provided.",
  },
  expired: {
    json: "ExpiredTokenException",
    query: "ExpiredToken",
    s3: "AccessDenied",
    message: "The security token or the presigned URL has expired.",
  },
  clock: {
    json: "InvalidSignatureException",
    query: "RequestExpired",
    s3: "RequestTimeTooSkewed",
    message: "The request was signed more than 15 minutes from now.",
  },
};

/** Answers 403 in the form that the client of the service understands. */
export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  target: Target,
  doubt: Doubt,
): void {
  const protocol = protocolOf(request, target);
  const { [protocol]: code, message: why } = wordings[doubt];
  const message = `${why} ${remedy}`;
  if (protocol === "json") {
    respond(response, 403, { __type: code, message }, { close: true });
    return;
  }
  const error = `<Error><Code>${code}</Code><Message>${message.replaceAll("&", "&amp;")}</Message></Error>`;
  // What is left of the body is not wanted.
  response.writeHead(403, { "content-type": "application/xml", connection: "close" });
  response.end(protocol === "s3" ? error : `<ErrorResponse>${error}</ErrorResponse>`);
}

/** By what the request looks like: a stranger's says nothing about its service that could be relied on. */
function protocolOf({ headers }: IncomingMessage, target: Target): "json" | "query" | "s3" {
  const type = headers["content-type"] ?? "";
  if (headers["x-amz-target"] !== undefined || target.internal || type.includes("json")) return "json";
  if (type.includes("x-www-form-urlencoded") || queryValue(target, "Action")) return "query";
  return "s3";
}
