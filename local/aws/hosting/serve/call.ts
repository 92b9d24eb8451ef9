import { request as httpRequest, type IncomingMessage } from "node:http";
import { maxBytes } from "./limits.ts";

export interface ModelRequestMessage {
  method: "GET" | "POST";
  path: "/ping" | "/invocations";
  headers?: Record<string, string>;
  body?: Buffer;
}

export interface ModelAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** Asks a model server on its socket. Rejects when it does not answer whole, or the signal comes first. An answer that is too long ends soon after {@link maxBytes}. */
export function callModel(
  socketPath: string,
  { method, path, headers = {}, body }: ModelRequestMessage,
  signal: AbortSignal,
): Promise<ModelAnswer> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { "content-length": String(body.length) };
    const asked = httpRequest({
      socketPath,
      method,
      path,
      headers: { ...headers, ...length, host: "127.0.0.1", connection: "close" },
      signal,
      // One connection a request: a shared agent would keep one that the server closes, and hand it to the next.
      agent: false,
    });
    asked.once("error", reject);
    asked.once("response", (answer) => {
      read(answer).then(
        (body) => resolve({ status: answer.statusCode ?? 500, headers: answer.headers, body }),
        reject,
      );
    });
    asked.end(body);
  });
}

/** Whole, or a little more than anybody may have: leaving the loop closes the connection. */
async function read(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes) break;
  }
  return Buffer.concat(chunks);
}
