import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ApiError, FaultInjector } from "../faults/faults.ts";
import { readBody } from "./body.ts";
import { type Caller, readCaller } from "./caller.ts";
import { refusal } from "./guard.ts";
import { withDefaultKmsKey } from "./kms.ts";
import type { SocketProxy } from "./proxy.ts";
import { respond, wrongAnswer } from "./responses.ts";
import { answerUnserved, isUnserved } from "./unserved.ts";

/** What answers `X-Amz-Target: SageMaker.*`. */
export interface JsonService {
  /** Carries out an operation; never rejects. */
  handle(operation: string, body: Buffer, caller: Caller): Promise<{ status: number; body: unknown }>;
}

/** What answers `/_local/*`. */
export type Control = (method: string, path: string, body: Buffer) => { status: number; body: unknown };

export interface FrontOptions {
  proxy: SocketProxy;
  sagemaker: JsonService;
  control: Control;
  faults: FaultInjector;
  /** Told each SageMaker operation that was called. */
  onCall: (operation: string) => void;
  /** Asks IAM, where it is enforced; undefined for a call that is allowed. */
  refusal?: (
    operation: string,
    call: IncomingMessage,
    body: Buffer,
    caller: Caller,
  ) => Promise<object | undefined>;
}

const targetPrefix = "SageMaker.";
/** A CreateTrainingJob with everything at its limit is under 1 MB. */
const bodyLimit = 4 * 1024 * 1024;

/** The one TCP port of the local AWS: SageMaker is answered here, everything else by ministack. */
export class Front {
  private readonly options: FrontOptions;
  private readonly server: Server;

  constructor(options: FrontOptions) {
    this.options = options;
    this.server = createServer((request, response) => this.onRequest(request, response));
    this.server.on("checkContinue", (request, response) => this.onRequest(request, response));
    this.server.requestTimeout = 0; // uploads take what they take
    this.server.keepAliveTimeout = 75_000;
  }

  /** Binds 127.0.0.1 and resolves with the port. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen({ host: "127.0.0.1", port }, () => {
        this.server.removeListener("error", reject);
        resolve((this.server.address() as AddressInfo).port);
      });
    });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    setTimeout(() => this.server.closeAllConnections(), 1000).unref();
    await closed;
  }

  private onRequest(request: IncomingMessage, response: ServerResponse): void {
    this.route(request, response).catch((error: Error) => {
      if (!response.headersSent)
        respond(response, 500, { __type: "InternalFailure", message: error.message });
      else response.destroy();
    });
  }

  private async route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = refusal(request);
    if (refused) {
      respond(response, 403, { __type: "AccessDeniedException", message: refused }, { close: true });
      return;
    }
    if (request.url?.startsWith("/_local/")) return this.answerControl(request, response);

    const target = String(request.headers["x-amz-target"] ?? "");
    const caller = readCaller(request.headers.authorization);
    if (target.startsWith(targetPrefix)) {
      return this.answerSageMaker(request, response, target.slice(targetPrefix.length), caller);
    }
    if (isUnserved(caller)) return answerUnserved(request, response, caller);
    const fault = this.options.faults.forCall({ service: caller.service });
    if (fault !== undefined && fault !== "lost") return wrongAnswer(request, response, fault, caller.service);
    this.options.proxy.forward(request, response, withDefaultKmsKey(request.rawHeaders, caller));
  }

  private async answerSageMaker(
    request: IncomingMessage,
    response: ServerResponse,
    operation: string,
    caller: Caller,
  ): Promise<void> {
    const body = await this.read(request, response);
    if (body === undefined) return;
    this.options.onCall(operation);
    const fault: ApiError | undefined = this.options.faults.forCall({ service: "sagemaker", operation });
    if (fault !== undefined && fault !== "lost") return wrongAnswer(request, response, fault, "sagemaker");
    const refused = await this.options.refusal?.(operation, request, body, caller);
    if (refused) return respond(response, 400, refused);
    const answer = await this.options.sagemaker.handle(operation, body, caller);
    if (fault === "lost") request.socket.resetAndDestroy();
    else respond(response, answer.status, answer.body);
  }

  private async answerControl(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await this.read(request, response);
    if (body === undefined) return;
    const answer = this.options.control(request.method ?? "GET", request.url ?? "/", body);
    respond(response, answer.status, answer.body);
  }

  private async read(request: IncomingMessage, response: ServerResponse): Promise<Buffer | undefined> {
    if (request.headers.expect !== undefined) response.writeContinue();
    const body = await readBody(request, bodyLimit);
    if (body === undefined) {
      respond(
        response,
        413,
        { __type: "RequestEntityTooLarge", message: "Request body too large" },
        { close: true },
      );
    }
    return body;
  }
}
