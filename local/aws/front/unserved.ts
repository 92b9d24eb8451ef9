import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Caller } from "./caller.ts";

/** Services that ministack answers, by the names that requests are signed for. */
export const ministackServices = ["s3", "iam", "sts", "ecr", "monitoring", "sns", "events"];

/** Whether nobody here answers such a request. Those without a signature are S3's. */
export function isUnserved({ service }: Pick<Caller, "service">): boolean {
  // SageMaker's other interfaces (metrics, features) are signed like it, but have no X-Amz-Target of it.
  return service !== "" && !ministackServices.includes(service);
}

/** A request by what tells its protocol. */
export interface UnservedCall {
  service: string;
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}

export interface UnservedAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer | string;
}

const formType = "application/x-www-form-urlencoded";

/** Answers so that the client that asks can read it. */
export function answerUnserved(
  request: IncomingMessage,
  response: ServerResponse,
  { service }: Caller,
  body: string,
): void {
  const [path] = (request.url ?? "/").split("?");
  const { method = "GET", headers } = request;
  const answer = unservedAnswer({ service, method, path, headers, body });
  response.writeHead(answer.status, {
    ...answer.headers,
    "content-length": String(Buffer.byteLength(answer.body)),
    "x-amzn-requestid": randomUUID(),
  });
  response.end(answer.body);
}

/** REST services that speak XML; all others speak JSON. */
const restXml = ["cloudfront", "route53", "s3express"];

/** The refusal in the protocol of the request: RPC over CBOR, JSON, a query, or REST. */
export function unservedAnswer(call: UnservedCall): UnservedAnswer {
  const { headers, service } = call;
  const target = headers["x-amz-target"];
  const type = String(headers["content-type"] ?? "");
  const code = "UnknownOperationException";
  const says = (operation: string) =>
    `The local AWS does not serve ${service} (${operation}). It serves ${[...ministackServices, "logs"].join(", ")}, and of sagemaker training jobs and endpoints (InvokeEndpoint).`;

  if (headers["smithy-protocol"] === "rpc-v2-cbor") {
    const message = says(call.path.split("/").at(-1) ?? "");
    return {
      status: 400,
      headers: { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" },
      body: cborMap({ __type: `aws#${code}`, message }),
    };
  }
  if (target !== undefined) {
    const message = says(String(target).split(".").at(-1) ?? "");
    const json = { "content-type": type || "application/x-amz-json-1.1", "x-amzn-errortype": code };
    return { status: 400, headers: json, body: JSON.stringify({ __type: code, message }) };
  }
  const action = type.startsWith(formType) ? new URLSearchParams(call.body).get("Action") : null;
  if (action !== null) {
    return {
      status: 400,
      headers: { "content-type": "text/xml" },
      body: queryError(service, "InvalidAction", says(action)),
    };
  }
  const message = says(`${call.method} ${call.path}`);
  if (restXml.includes(service)) {
    return {
      status: 400,
      headers: { "content-type": "text/xml" },
      body: queryError(service, code, message),
    };
  }
  return {
    status: 400,
    headers: { "content-type": "application/json", "x-amzn-errortype": code },
    // Services differ in how they spell it.
    body: JSON.stringify({ __type: code, code, message, Message: message }),
  };
}

function queryError(service: string, code: string, message: string): string {
  const error = `<Code>${code}</Code><Message>${escaped(message)}</Message>`;
  const id = `<RequestId>${randomUUID()}</RequestId>`;
  if (service === "ec2") {
    return `<Response><Errors><Error>${error}</Error></Errors><RequestID>${randomUUID()}</RequestID></Response>`;
  }
  return `<ErrorResponse><Error><Type>Sender</Type>${error}</Error>${id}</ErrorResponse>`;
}

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** A map of texts in CBOR (RFC 8949): up to 23 entries, texts up to 65,535 bytes. */
function cborMap(entries: Record<string, string>): Buffer {
  const texts = Object.entries(entries).flat().map(cborText);
  return Buffer.concat([Buffer.from([0xa0 | Object.keys(entries).length]), ...texts]);
}

function cborText(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x79, bytes.length >> 8, bytes.length & 0xff]), bytes]);
}
