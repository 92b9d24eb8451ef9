import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ApiError } from "../faults/faults.ts";

/** Answers in awsJson1_1. */
export function respond(
  response: ServerResponse,
  status: number,
  body: unknown,
  options: { close?: boolean } = {},
): void {
  const text = body === undefined ? "" : JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/x-amz-json-1.1",
    "content-length": Buffer.byteLength(text),
    "x-amzn-requestid": randomUUID(),
    ...(options.close ? { connection: "close" } : {}),
  });
  response.end(text);
}

/** Answers with a body of any type. */
export function respondWith(
  response: ServerResponse,
  { status, headers, body }: { status: number; headers: Record<string, string>; body: Buffer },
): void {
  response.writeHead(status, {
    ...headers,
    "content-length": body.length,
    "x-amzn-requestid": randomUUID(),
  });
  response.end(body);
}

const wordings: Record<Exclude<ApiError, "reset" | "lost">, { status: number; message: string }> = {
  ThrottlingException: { status: 400, message: "Rate exceeded" },
  ServiceUnavailable: { status: 503, message: "Service is unable to handle request." },
  ExpiredTokenException: { status: 403, message: "The security token included in the request is expired" },
};

/** Gives an injected wrong answer in the protocol of the service. */
export function wrongAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  error: ApiError,
  service: string,
): void {
  if (error === "reset" || error === "lost") {
    request.socket.resetAndDestroy();
    return;
  }
  request.resume(); // the rest of the body is of no interest
  const { status, message } = wordings[error];
  if (service === "sagemaker" || service === "logs") {
    respond(response, status, { __type: error, message });
  } else {
    const [code, xmlStatus] = xmlCode(error, service);
    response.writeHead(xmlStatus, { "content-type": "application/xml" });
    const fault = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
    response.end(service === "s3" ? fault : `<ErrorResponse>${fault}</ErrorResponse>`);
  }
}

function xmlCode(error: keyof typeof wordings, service: string): [string, number] {
  if (error === "ExpiredTokenException") return ["ExpiredToken", service === "s3" ? 400 : 403];
  if (error === "ServiceUnavailable") return ["ServiceUnavailable", 503];
  return service === "s3" ? ["SlowDown", 503] : ["Throttling", 400];
}
