import type { S3Client } from "@aws-sdk/client-s3";
import { splitS3Uri } from "../args/s3Uri";
import type { AwsApi } from "./api";

/** Milliseconds that a look may take which is for information only. */
const LOOK_MS = 5_000;

/** What is looked at in S3 for information, at preview: each call is made once, and answered soon or not at all. */
export function looks(
  s3: () => typeof import("@aws-sdk/client-s3"),
  client: () => S3Client,
): Pick<AwsApi, "hasObjects" | "readJson" | "buckets"> {
  const soon = () => ({ abortSignal: AbortSignal.timeout(LOOK_MS) });
  return {
    hasObjects: async (uri) => {
      const { bucket, key } = splitS3Uri(uri);
      const command = new (s3().ListObjectsV2Command)({ Bucket: bucket, Prefix: key, MaxKeys: 1 });
      try {
        const { Contents = [] } = await client().send(command, soon());
        return Contents.length > 0;
      } catch (error) {
        if ((error as Error).name !== "NoSuchBucket") throw error;
        return false;
      }
    },
    readJson: async (uri) => {
      const { bucket, key } = splitS3Uri(uri);
      try {
        const { Body } = await client().send(
          new (s3().GetObjectCommand)({ Bucket: bucket, Key: key }),
          soon(),
        );
        return await Body?.transformToString();
      } catch (error) {
        if (["NoSuchKey", "NoSuchBucket"].includes((error as Error).name)) return undefined;
        throw error;
      }
    },
    buckets: async (prefix) => {
      const input = { Prefix: prefix, BucketRegion: await client().config.region() };
      const found: string[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await client().send(
          new (s3().ListBucketsCommand)({ ...input, MaxBuckets: 1000, ContinuationToken }),
          soon(),
        );
        // An S3 that knows no filter lists all of them.
        for (const { Name } of page.Buckets ?? []) if (Name?.startsWith(prefix)) found.push(Name);
        ContinuationToken = page.ContinuationToken;
      } while (ContinuationToken);
      return found;
    },
  };
}
