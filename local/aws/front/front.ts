import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import type { ApiError, FaultInjector } from "../faults/faults.ts";
import { readBody } from "./body.ts";
import { ACCOUNT, type Caller } from "./caller.ts";
import { answerError } from "./errorAnswer.ts";
import { refusal } from "./guard.ts";
import type { Claimed, Doubt, Identity } from "./identity.ts";
import { withDefaultKmsKey } from "./kms.ts";
import type { SocketProxy } from "./proxy.ts";
import { refuse } from "./refuse.ts";
import { respond, respondWith } from "./responses.ts";
import { readTarget, type Target } from "./target.ts";
import { answerUnserved, isUnserved } from "./unserved.ts";
import { wrongAnswer } from "./wrongAnswer.ts";

/** What answers `X-Amz-Target: SageMaker.*`, or `Logs_20140328.*`. */
export interface JsonService {
  /** Carries out an operation; never rejects. */
  handle(operation: string, body: Buffer, caller: Caller): Promise<{ status: number; body: unknown }>;
}

/** What answers `/endpoints/NAME/invocations`, signed for SageMaker. */
export interface RuntimeService {
  /** InvokeEndpoint; never rejects. */
  invoke(
    endpoint: string,
    headers: IncomingHttpHeaders,
    body: Buffer,
    caller: Caller,
  ): Promise<{ status: number; headers: Record<string, string>; body: Buffer }>;
}

/** What answers `/_local/NAME`. */
export type Control = (method: string, name: string, body: Buffer) => { status: number; body: unknown };

export interface FrontOptions {
  /** Knows the owner, and who else may call. */
  identity: Identity;
  proxy: SocketProxy;
  sagemaker: JsonService;
  logs: JsonService;
  runtime: RuntimeService;
  control: Control;
  faults: FaultInjector;
  /** Told each SageMaker operation that was called. */
  onCall: (operation: string) => void;
  /** Asks IAM, where it is enforced; undefined for a call that is allowed. */
  refusal?: (
    service: ServedHere,
    operation: string,
    body: Buffer,
    caller: Caller,
  ) => Promise<object | undefined>;
}

/** Services that are answered here and not by ministack, by what their targets begin with. */
const servedHere = { SageMaker: "sagemaker", Logs_20140328: "logs" } as const;
type ServedHere = (typeof servedHere)[keyof typeof servedHere];

/** AWS's codes by protocol. */
const denied = { json: "AccessDeniedException", query: "AccessDenied", s3: "AccessDenied" };
const failed = { json: "InternalFailure", query: "InternalFailure", s3: "InternalError" };

/** For what is read whole, all but objects. The largest is a part of an image's layer for ECR, 20 MB in base64. */
const bodyLimit = 32 * 1024 * 1024;

/** The one TCP port of the local AWS: SageMaker and CloudWatch Logs are answered here, everything else by ministack. */
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
      if (response.headersSent) response.destroy();
      else answerError(request, response, { status: 500, code: failed, message: error.message });
    });
  }

  private async route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = readTarget(request.url ?? "/");
    const refused = refusal(request, target);
    if (refused !== undefined || target === undefined) {
      const message = String(refused);
      answerError(request, response, { status: 403, code: denied, message, close: true });
      return;
    }
    const { identity } = this.options;
    const found = await identity.recognise(request, target);
    if (typeof found === "string") return refuse(request, response, found);
    // Objects are streamed; of everything else the body is part of what was signed.
    const body = found.claim.service === "s3" ? undefined : await this.read(request, response);
    if (response.writableEnded) return;
    const doubt = identity.verify(found, request, target, body) ?? outOfScope(found, request, target);
    if (doubt) return refuse(request, response, doubt);
    const { accessKey, region, service } = found.claim;
    return this.answer(request, response, target, { accessKey, region, service, account: ACCOUNT }, body);
  }

  /** Answers a caller that is known. */
  private async answer(
    request: IncomingMessage,
    response: ServerResponse,
    target: Target,
    caller: Caller,
    body: Buffer | undefined,
  ): Promise<void> {
    const { control } = target;
    if (control !== undefined) {
      const answer = this.options.control(request.method ?? "GET", control, body ?? Buffer.alloc(0));
      return respond(response, answer.status, answer.body);
    }
    const call = callOf(request);
    if (call) return this.answerHere(request, response, call, caller, body ?? Buffer.alloc(0));
    const endpoint = invokedEndpoint(request, target, caller);
    if (endpoint !== undefined) {
      return this.invoke(request, response, endpoint, caller, body ?? Buffer.alloc(0));
    }
    if (isUnserved(caller)) return answerUnserved(request, response, caller, body?.toString() ?? "");
    const fault = this.options.faults.forCall({ service: caller.service });
    if (fault !== undefined && fault !== "lost") return wrongAnswer(request, response, fault);
    this.options.proxy.forward(request, response, withDefaultKmsKey(request.rawHeaders, caller), body);
  }

  private async answerHere(
    request: IncomingMessage,
    response: ServerResponse,
    { service, operation }: Call,
    caller: Caller,
    body: Buffer,
  ): Promise<void> {
    if (service === "sagemaker") this.options.onCall(operation);
    const fault: ApiError | undefined = this.options.faults.forCall({ service, operation });
    if (fault !== undefined && fault !== "lost") return wrongAnswer(request, response, fault);
    const refused = await this.options.refusal?.(service, operation, body, caller);
    if (refused) return respond(response, 400, refused);
    const answer = await this.options[service].handle(operation, body, caller);
    if (fault === "lost") request.socket.resetAndDestroy();
    else respond(response, answer.status, answer.body);
  }

  private async invoke(
    request: IncomingMessage,
    response: ServerResponse,
    endpoint: string,
    caller: Caller,
    body: Buffer,
  ): Promise<void> {
    const [service, operation] = ["sagemaker", "InvokeEndpoint"] as const;
    this.options.onCall(operation);
    const fault = this.options.faults.forCall({ service, operation });
    if (fault !== undefined && fault !== "lost") return wrongAnswer(request, response, fault);
    const about = Buffer.from(JSON.stringify({ EndpointName: endpoint }));
    const refused = await this.options.refusal?.(service, operation, about, caller);
    if (refused) return respond(response, 400, refused);
    const answer = await this.options.runtime.invoke(endpoint, request.headers, body, caller);
    if (fault === "lost") request.socket.resetAndDestroy();
    else respondWith(response, answer);
  }

  private async read(request: IncomingMessage, response: ServerResponse): Promise<Buffer | undefined> {
    if (request.headers.expect !== undefined) response.writeContinue();
    const body = await readBody(request, bodyLimit);
    if (body === undefined) {
      const message = `Request body too large: ${bodyLimit} bytes are the most`;
      answerError(request, response, { status: 413, code: "RequestEntityTooLarge", message, close: true });
    }
    return body;
  }
}

interface Call {
  service: ServedHere;
  operation: string;
}

/** The call to a service that is answered here; undefined for a call to another one. */
function callOf(request: IncomingMessage): Call | undefined {
  const [prefix, operation] = String(request.headers["x-amz-target"] ?? "").split(".", 2);
  const service = Object.entries(servedHere).find(([name]) => name === prefix)?.[1];
  return service === undefined ? undefined : { service, operation: operation ?? "" };
}

/** The endpoint that a call of InvokeEndpoint names; undefined for every other call. */
function invokedEndpoint(request: IncomingMessage, target: Target, caller: Caller): string | undefined {
  if (caller.service !== "sagemaker" || request.method !== "POST") return undefined;
  const name = /^\/endpoints\/([^/]+)\/invocations$/.exec(target.path)?.[1];
  return name === undefined ? undefined : decodeURIComponent(name);
}

/** What was signed for one service opens no other: a presigned URL of S3 is made to be handed on. */
function outOfScope({ claim }: Claimed, request: IncomingMessage, target: Target): Doubt | undefined {
  if (target.control !== undefined) return claim.service === "s3" ? "wrong signature" : undefined;
  const call = callOf(request);
  return call === undefined || claim.service === call.service ? undefined : "wrong signature";
}
