import type { IncomingMessage, ServerResponse } from "node:http";
import { respond } from "./responses.ts";
import { queryValue, readTarget } from "./target.ts";

/** How a service is spoken to: awsJson (SageMaker, Logs, CloudWatch ...), awsQuery (IAM, STS, ...), S3. */
export type Protocol = "json" | "query" | "s3";

export interface ErrorAnswer {
  status: number | Record<Protocol, number>;
  code: string | Record<Protocol, string>;
  message: string;
  /** Ends the connection. Default false. */
  close?: boolean;
}

/** Answers an error in the form that the client of the service understands. */
export function answerError(request: IncomingMessage, response: ServerResponse, answer: ErrorAnswer): void {
  const protocol = protocolOf(request);
  const { message, close = false } = answer;
  const status = typeof answer.status === "number" ? answer.status : answer.status[protocol];
  const code = typeof answer.code === "string" ? answer.code : answer.code[protocol];
  if (protocol === "json") {
    respond(response, status, { __type: code, message }, { close });
    return;
  }
  const error = `<Error><Code>${code}</Code><Message>${escaped(message)}</Message></Error>`;
  response.writeHead(status, {
    "content-type": "application/xml",
    ...(close ? { connection: "close" } : {}),
  });
  response.end(protocol === "s3" ? error : `<ErrorResponse>${error}</ErrorResponse>`);
}

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** By what the request looks like: a stranger's says nothing about its service that could be relied on. */
function protocolOf({ headers, url = "" }: IncomingMessage): Protocol {
  const type = headers["content-type"] ?? "";
  const target = readTarget(url);
  if (headers["x-amz-target"] !== undefined || target?.internal || type.includes("json")) return "json";
  if (type.includes("x-www-form-urlencoded") || (target && queryValue(target, "Action"))) return "query";
  return "s3";
}
