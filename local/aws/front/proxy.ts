import { Agent, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { answerError } from "./errorAnswer.ts";

/** Headers of one connection only; everything else, Host and signatures included, passes as it came. */
const hopByHop = new Set(["connection", "keep-alive", "proxy-connection", "te", "upgrade"]);

/** Hands requests through to an HTTP server on a unix socket, bodies streamed and untouched. */
export class SocketProxy {
  private readonly socketPath: string;
  // The upstream closes idle connections after 75 s; leaving earlier avoids writing into a closing one.
  private readonly agent = new Agent({ keepAlive: true, maxFreeSockets: 64, timeout: 30_000 });

  constructor(socketPath: string) {
    this.socketPath = socketPath;
  }

  /** `rawHeaders` are sent in place of the request's own, and `body`, where it has been read already. */
  forward(request: IncomingMessage, response: ServerResponse, rawHeaders: string[], body?: Buffer): void {
    const upstream = httpRequest({
      socketPath: this.socketPath,
      agent: this.agent,
      method: request.method,
      path: request.url,
      headers: withoutHopByHop(rawHeaders, body === undefined ? [] : ["expect"]),
    });
    upstream.once("continue", () => response.writeContinue());
    upstream.once("response", (answer) => {
      response.sendDate = false;
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, withoutHopByHop(answer.rawHeaders));
      answer.pipe(response);
      answer.once("error", () => response.destroy());
    });
    upstream.once("error", (error) => {
      if (response.headersSent) response.destroy();
      else answerUnavailable(request, response, error.message);
    });
    // A client that goes away must not leave half an object: the upstream request ends with it.
    response.once("close", () => {
      if (!response.writableFinished) upstream.destroy();
    });
    if (body !== undefined) {
      upstream.end(body);
      return;
    }
    upstream.flushHeaders();
    request.pipe(upstream);
  }

  close(): void {
    this.agent.destroy();
  }
}

function withoutHopByHop(raw: string[], others: string[] = []): string[] {
  const kept: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i].toLowerCase();
    if (!hopByHop.has(name) && !others.includes(name)) kept.push(raw[i], raw[i + 1]);
  }
  return kept;
}

/** Every client tries again on these. */
function answerUnavailable(request: IncomingMessage, response: ServerResponse, reason: string): void {
  answerError(request, response, {
    ...{ status: 503, code: "ServiceUnavailable" },
    message: `The local AWS is restarting: ${reason}`,
  });
}
