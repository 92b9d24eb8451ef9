const algorithm = "x-amz-server-side-encryption";
const keyId = "x-amz-server-side-encryption-aws-kms-key-id";

/**
 * Names the account's own S3 key in requests that ask for KMS encryption without a key, as the SageMaker Python
 * SDK does: S3 takes `aws/s3` then, while ministack wants a name. An added header breaks no signature.
 */
export function withDefaultKmsKey(
  rawHeaders: string[],
  caller: { region: string; account: string },
): string[] {
  let asksForKms = false;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i].toLowerCase();
    if (name === keyId) return rawHeaders;
    if (name === algorithm && rawHeaders[i + 1] === "aws:kms") asksForKms = true;
  }
  if (!asksForKms) return rawHeaders;
  return [...rawHeaders, keyId, `arn:aws:kms:${caller.region}:${caller.account}:alias/aws/s3`];
}
