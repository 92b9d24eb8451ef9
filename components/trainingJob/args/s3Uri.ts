export function splitS3Uri(uri: string): { bucket: string; key: string } {
  const [, bucket, key] = /^(?:s3|https):\/\/([^/]+)\/?(.*)$/.exec(uri) ?? [];
  if (!bucket) throw new Error(`${uri} is not an S3 URI (s3://bucket/key).`);
  return { bucket, key: key ?? "" };
}
