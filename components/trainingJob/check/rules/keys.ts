import { type Failures, shown } from "../../args/failures";
import { parseS3Uri } from "../../args/s3Uri";
import { isUnknown } from "../../args/unknown";
import type { View } from "../../args/view";
import { namePrefix } from "../../identity/name";
import { apiShape } from "../../model/apiModel";

const OUTPUT_KEY = "outputDataConfig.kmsKeyId";
const VOLUME_KEY = "resourceConfig.volumeKmsKeyId";

/** Rules on keys, on what a place in S3 has no room for, and on the names of networks. */
export function checkKeys(view: View, failures: Failures): void {
  for (const path of [OUTPUT_KEY, VOLUME_KEY]) {
    const key = view.text(path);
    if (key !== undefined && /^arn:/.test(key) && !/^arn:[^:]+:kms:/.test(key)) {
      failures.add(path, `${shown("", key)} is not a KMS key; write its id, its ARN or an alias`);
    }
  }
  const volumeKey = view.text(VOLUME_KEY);
  if (volumeKey !== undefined && /(^|:)alias\//.test(volumeKey)) {
    failures.warn(
      VOLUME_KEY,
      `${shown("", volumeKey)} is an alias, and documented are a key's id and its ARN only`,
    );
  }
  const output = parseS3Uri(view.text("outputDataConfig.s3OutputPath") ?? "");
  // API reference, OutputDataConfig: directory buckets encrypt with keys of S3.
  if (output?.bucket.endsWith("--x-s3") && view.has(OUTPUT_KEY)) {
    failures.add(
      OUTPUT_KEY,
      `is refused for ${output.bucket}: S3 Express One Zone takes no KMS key; remove it`,
    );
  }
  checkRoom(view, failures);
  checkNetwork(view, failures);
}

/** The place of checkpoints is longer with the experiment's name in it than it is written. */
function checkRoom(view: View, failures: Failures): void {
  const path = "checkpointConfig.s3Uri";
  const uri = view.text(path);
  if (uri === undefined) return;
  const name = `${namePrefix(view.text("baseJobName") ?? "training")}01234567`;
  const length = [...uri.replaceAll("{job}", name)].length;
  const most = apiShape("S3Uri").max ?? 1024;
  if (length > most) {
    failures.add(
      path,
      `has ${length} characters with the job's name and checkpoints below it, at most ${most} are allowed; shorten it`,
    );
  }
}

/** API reference, VpcConfig: `sg-xxxxxxxx`; IDs of subnets begin with `subnet-`. */
function checkNetwork(view: View, failures: Failures): void {
  for (const [list, prefix, what] of [
    ["securityGroupIds", "sg-", "a security group"],
    ["subnets", "subnet-", "a subnet"],
  ]) {
    const ids = view.get(`vpcConfig.${list}`);
    for (const [index, id] of (Array.isArray(ids) ? ids : []).entries()) {
      if (typeof id === "string" && !isUnknown(id) && !id.startsWith(prefix)) {
        failures.add(
          `vpcConfig.${list}[${index}]`,
          `${shown("", id)} is not the ID of ${what}; it begins with ${prefix}`,
        );
      }
    }
  }
}
