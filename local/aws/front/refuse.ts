import type { IncomingMessage, ServerResponse } from "node:http";
import { answerError } from "./errorAnswer.ts";
import type { Doubt } from "./identity.ts";

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
export function refuse(request: IncomingMessage, response: ServerResponse, doubt: Doubt): void {
  const { message, ...code } = wordings[doubt];
  // What is left of the body is not wanted.
  answerError(request, response, { status: 403, code, message: `${message} ${remedy}`, close: true });
}
