import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";

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
