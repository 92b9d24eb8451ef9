/** A place in S3. */
export interface S3Place {
  bucket: string;
  /** Key, or key prefix, without a leading slash. */
  key: string;
}

// The hosts of S3 (AWS General Reference, "Amazon S3 endpoints"): plain, of a region, dual-stack, FIPS, the older s3-region, and China's.
const HOST =
  /^(?:(?<bucket>.+)\.)?s3(?:-fips)?(?:[.-](?:dualstack\.)?[a-z]{2,4}(?:-[a-z]+)+-\d+)?\.(?:amazonaws\.(?:com(?:\.cn)?|eu)|c2s\.ic\.gov|sc2s\.sgov\.gov)$/;

/**
 * Reads the spellings that SageMaker takes: `s3://bucket/key`, and the https URLs of S3 with the bucket in the path or before the host.
 * Undefined for anything else. local/aws/training/s3.ts reads them too, and is held against the same table of cases.
 */
export function parseS3Uri(uri: string): S3Place | undefined {
  const [, scheme, authority, path = ""] = /^(s3|https):\/\/([^/]+)\/?(.*)$/s.exec(uri) ?? [];
  if (scheme === "s3") return { bucket: authority, key: path };
  const host = scheme === undefined ? null : HOST.exec(authority.toLowerCase());
  if (!host) return undefined;
  if (host.groups?.bucket) return { bucket: host.groups.bucket, key: path };
  const [, bucket, key = ""] = /^([^/]+)\/?(.*)$/s.exec(path) ?? [];
  return bucket === undefined ? undefined : { bucket, key };
}

/** The same for a URI that check has let through; throws where it is none. */
export function splitS3Uri(uri: string): S3Place {
  const place = parseS3Uri(uri);
  if (!place) throw new Error(`${uri} is not an S3 URI (s3://bucket/key).`);
  return place;
}

/** One spelling for one place: `s3://bucket/key`. What is no S3 URI stays as it is. */
export function canonicalS3Uri(uri: string): string {
  const place = parseS3Uri(uri);
  return place ? `s3://${place.bucket}/${place.key}` : uri;
}
