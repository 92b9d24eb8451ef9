import { createHash, createHmac } from "node:crypto";
import type { Credentials } from "../clients.ts";

/** The parts of a request that AWS Signature Version 4 covers. */
export interface SignedRequest {
  method: string;
  /** Path as sent, percent-encoded. */
  path: string;
  /** The query, decoded, without the signature itself. */
  query: [name: string, value: string][];
  /** Values by lower-case name. */
  headers: Record<string, string>;
  /** Lower-case names of the headers that are covered, as the signature lists them. */
  signedHeaders: string[];
  /** SHA-256 of the body in hexadecimal, or what S3 takes in its place, such as `UNSIGNED-PAYLOAD`. */
  payloadHash: string;
  /** `20260131T120000Z`. */
  date: string;
  region: string;
  /** Name in the credential scope: `sagemaker`, `s3`, ... */
  service: string;
}

/** The signature, in hexadecimal. */
export function signature(request: SignedRequest, secretAccessKey: string): string {
  const day = request.date.slice(0, 8);
  const scope = [day, request.region, request.service, "aws4_request"];
  const stringToSign = [
    "AWS4-HMAC-SHA256",
    request.date,
    scope.join("/"),
    sha256(canonicalRequest(request)),
  ].join("\n");
  const key = scope.reduce<string | Buffer>(
    (previous, part) => hmac(previous, part),
    `AWS4${secretAccessKey}`,
  );
  return hmac(key, stringToSign).toString("hex");
}

export const sha256 = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");

/** The headers of a signed call to the local AWS's own controls, `/_local/*`. */
export function controlHeaders(
  call: { method: string; url: URL; body: string },
  credentials: Credentials,
): Record<string, string> {
  const date = new Date().toISOString().replace(/[:-]|\.\d+/g, "");
  const headers = { host: call.url.host, "x-amz-date": date };
  const signedHeaders = Object.keys(headers);
  const [region, service] = ["us-east-1", "local"];
  const signed = signature(
    {
      ...{
        method: call.method,
        path: call.url.pathname,
        query: [],
        headers,
        signedHeaders,
        date,
        region,
        service,
      },
      payloadHash: sha256(call.body),
    },
    credentials.secretAccessKey,
  );
  const scope = [credentials.accessKeyId, date.slice(0, 8), region, service, "aws4_request"].join("/");
  return {
    "x-amz-date": date,
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=${signedHeaders.join(";")}, Signature=${signed}`,
  };
}

function canonicalRequest(request: SignedRequest): string {
  const headers = request.signedHeaders.map(
    (name) => `${name}:${(request.headers[name] ?? "").trim().replace(/\s+/g, " ")}\n`,
  );
  return [
    request.method,
    // S3 signs its path as sent, everything else encodes it once more.
    request.service === "s3" ? request.path : encode(request.path).replaceAll("%2F", "/"),
    canonicalQuery(request.query),
    headers.join(""),
    request.signedHeaders.join(";"),
    request.payloadHash,
  ].join("\n");
}

function canonicalQuery(query: [string, string][]): string {
  return query
    .map(([name, value]) => [encode(name), encode(value)])
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map((pair) => pair.join("="))
    .join("&");
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Percent-encodes everything but the unreserved characters of RFC 3986. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const hmac = (key: string | Buffer, data: string): Buffer => createHmac("sha256", key).update(data).digest();
