import { type Failures, shown } from "../args/failures";
import { parseS3Uri } from "../args/s3Uri";

// Amazon S3 user guide, "General purpose bucket naming rules", and "Bucket naming for US East (N. Virginia) before March 1, 2018".
const BUCKET = /^(?!xn--)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const OLD_BUCKET = /^(?!(\d{1,3}\.){3}\d{1,3}$)[A-Za-z0-9._-]{1,255}$/;

/** Refuse an S3 URI that names no place in S3, or a bucket that cannot exist. */
export function checkS3Place(failures: Failures, path: string, uri: unknown): void {
  if (typeof uri !== "string" || failures.has(path)) {
    return;
  }
  const place = parseS3Uri(uri);
  if (!place) {
    failures.add(path, `${shown(path, uri)} is not a place in S3; write s3://bucket/prefix`);
  } else if (!OLD_BUCKET.test(place.bucket)) {
    failures.add(
      path,
      `${shown("", place.bucket)} cannot be the name of a bucket: lower-case letters, digits, dots and hyphens, and no IP address`,
    );
  } else if (!BUCKET.test(place.bucket)) {
    failures.warn(
      path,
      `${shown("", place.bucket)} can only be a bucket of us-east-1 from before March 2018: later ones have 3 to 63 lower-case letters, digits, dots and hyphens`,
    );
  }
}
