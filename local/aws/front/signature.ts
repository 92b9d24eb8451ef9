import type { IncomingMessage } from "node:http";
import { queryValue, type Target } from "./target.ts";

/** The signature that a request claims to have, in a header or, presigned, in its URL. */
export interface Claim {
  version: 2 | 4;
  presigned: boolean;
  accessKey: string;
  region: string;
  service: string;
  /** `20260131T120000Z`; empty in version 2. */
  date: string;
  /** Seconds since 1970 after which a presigned URL is worth nothing. */
  expires: number | undefined;
  /** Lower-case names; version 2 signs what it finds. */
  signedHeaders: string[];
  signature: string;
  token: string | undefined;
}

/** Reads the signature of a request; undefined when it has none that can be verified. */
export function readClaim(request: Pick<IncomingMessage, "headers">, target: Target): Claim | undefined {
  const { authorization } = request.headers;
  if (authorization !== undefined) return fromHeader(authorization, request.headers);
  if (queryValue(target, "X-Amz-Algorithm") === "AWS4-HMAC-SHA256") return fromQuery(target);
  return fromV2Query(target);
}

/** Headers by lower-case name; what was sent on several lines is joined by a comma, as it is signed. */
export function headersOf({ rawHeaders }: Pick<IncomingMessage, "rawHeaders">): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i].toLowerCase();
    const value = Buffer.from(rawHeaders[i + 1], "latin1").toString("utf8");
    headers[name] = name in headers ? `${headers[name]},${value}` : value;
  }
  return headers;
}

/** `20260131T120000Z` in seconds since 1970; NaN for anything else. */
export function secondsOf(date: string): number {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
  if (!parts) return Number.NaN;
  const [year, month, ...rest] = parts.slice(1).map(Number);
  return Date.UTC(year, month - 1, ...(rest as [number, number, number, number])) / 1000;
}

function fromHeader(authorization: string, headers: IncomingMessage["headers"]): Claim | undefined {
  if (!authorization.startsWith("AWS4-HMAC-SHA256 ")) return undefined;
  const field = (name: string) => new RegExp(`[ ,]${name}=([^,\\s]+)`).exec(authorization)?.[1];
  return claim({
    credential: field("Credential"),
    signedHeaders: field("SignedHeaders"),
    signature: field("Signature"),
    date: text(headers["x-amz-date"]),
    token: text(headers["x-amz-security-token"]),
  });
}

function fromQuery(target: Target): Claim | undefined {
  const value = (name: string) => queryValue(target, name);
  const date = value("X-Amz-Date");
  return claim({
    credential: value("X-Amz-Credential"),
    signedHeaders: value("X-Amz-SignedHeaders"),
    signature: value("X-Amz-Signature"),
    date,
    token: value("X-Amz-Security-Token"),
    // Without the parameter, or with nonsense in it, NaN: never in time.
    expires: secondsOf(date ?? "") + Number(value("X-Amz-Expires") ?? Number.NaN),
  });
}

function fromV2Query(target: Target): Claim | undefined {
  const [accessKey, signature, expires] = ["AWSAccessKeyId", "Signature", "Expires"].map((name) =>
    queryValue(target, name),
  );
  if (!accessKey || !signature || !expires) return undefined;
  return {
    version: 2,
    presigned: true,
    accessKey,
    region: "us-east-1",
    service: "s3",
    date: "",
    expires: Number(expires),
    signedHeaders: [],
    signature,
    token: queryValue(target, "x-amz-security-token"),
  };
}

interface Parts {
  credential: string | undefined;
  signedHeaders: string | undefined;
  signature: string | undefined;
  date: string | undefined;
  token: string | undefined;
  /** Of a presigned URL only. */
  expires?: number;
}

function claim(parts: Parts): Claim | undefined {
  const [accessKey, day, region, service, end, ...more] = parts.credential?.split("/") ?? [];
  const { date, signature, signedHeaders, token, expires } = parts;
  if (!accessKey || end !== "aws4_request" || more.length > 0) return undefined;
  if (!date?.startsWith(day) || !signature || !signedHeaders) return undefined;
  const presigned = "expires" in parts;
  return {
    ...{ version: 4, presigned, accessKey, region, service, date, expires, signature, token },
    signedHeaders: signedHeaders.split(";"),
  };
}

const text = (value: string | string[] | undefined): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;
