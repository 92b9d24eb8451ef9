import { createHmac } from "node:crypto";
import type { Target } from "./target.ts";

/** Parameters that name what is asked for, and so are signed: the list of botocore's HmacV1Auth. */
const signedParameters = new Set(
  (
    "accelerate acl analytics cors defaultObjectAcl delete inventory lifecycle location logging metrics notification " +
    "object-lock partNumber policy replication requestPayment response-cache-control response-content-disposition " +
    "response-content-encoding response-content-language response-content-type response-expires restore select " +
    "select-type storageClass tagging torrent uploadId uploads versionId versioning versions website"
  ).split(" "),
);

/**
 * The signature of a URL of S3 presigned with Signature Version 2, which is what boto3 makes unless it is told otherwise.
 *
 * @param expires seconds since 1970, as in the URL
 * @param headers values by lower-case name
 */
export function presignedV2(
  request: { method: string; target: Target; headers: Record<string, string>; expires: string },
  secretAccessKey: string,
): string {
  const { method, target, headers, expires } = request;
  // What would have been a header may have moved into the URL.
  const inQuery = target.query.map(([name, value]) => [name.toLowerCase(), value]);
  const all: Record<string, string> = { ...headers, ...Object.fromEntries(inQuery) };
  const amazon = Object.keys(all)
    .filter((name) => name.startsWith("x-amz-"))
    .sort()
    .map((name) => `${name}:${all[name].trim()}\n`);
  const named = target.query
    .filter(([name]) => signedParameters.has(name))
    .map(([name, value]) => (value === "" ? name : `${name}=${value}`))
    .sort();
  const resource = named.length > 0 ? `${target.path}?${named.join("&")}` : target.path;
  const text = [
    method,
    all["content-md5"] ?? "",
    all["content-type"] ?? "",
    expires,
    `${amazon.join("")}${resource}`,
  ].join("\n");
  return createHmac("sha1", secretAccessKey).update(text).digest("base64");
}
