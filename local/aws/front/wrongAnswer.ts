import type { IncomingMessage, ServerResponse } from "node:http";
import type { ApiError } from "../faults/faults.ts";
import { answerError, type ErrorAnswer } from "./errorAnswer.ts";

const wordings: Record<Exclude<ApiError, "reset" | "lost">, ErrorAnswer> = {
  ThrottlingException: {
    status: { json: 400, query: 400, s3: 503 },
    code: { json: "ThrottlingException", query: "Throttling", s3: "SlowDown" },
    message: "Rate exceeded",
  },
  ServiceUnavailable: {
    status: 503,
    code: "ServiceUnavailable",
    message: "Service is unable to handle request.",
  },
  ExpiredTokenException: {
    status: { json: 403, query: 403, s3: 400 },
    code: { json: "ExpiredTokenException", query: "ExpiredToken", s3: "ExpiredToken" },
    message: "The security token included in the request is expired",
  },
};

/** Gives an injected wrong answer in the protocol of the request. */
export function wrongAnswer(request: IncomingMessage, response: ServerResponse, error: ApiError): void {
  if (error === "reset" || error === "lost") {
    request.socket.resetAndDestroy();
    return;
  }
  request.resume(); // the rest of the body is of no interest
  answerError(request, response, wordings[error]);
}
