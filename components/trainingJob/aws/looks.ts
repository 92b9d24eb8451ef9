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
  const send: S3Client["send"] = async (command: never) => {
    const abortSignal = AbortSignal.timeout(LOOK_MS);
    try {
      return await client().send(command, { abortSignal });
    } catch (error) {
      if (!abortSignal.aborted) throw error;
      throw Object.assign(new Error(`S3 did not answer within ${LOOK_MS / 1000} s`), {
        name: "TimeoutError",
      });
    }
  };
  return {
    hasObjects: async (uri) => {
      const { bucket, key } = splitS3Uri(uri);
      const command = new (s3().ListObjectsV2Command)({ Bucket: bucket, Prefix: key, MaxKeys: 1 });
      try {
        const { Contents = [] } = await send(command);
        return Contents.length > 0;
      } catch (error) {
        if ((error as Error).name !== "NoSuchBucket") throw error;
        return false;
      }
    },
    readJson: async (uri) => {
      const { bucket, key } = splitS3Uri(uri);
      try {
        const { Body } = await send(new (s3().GetObjectCommand)({ Bucket: bucket, Key: key }));
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
        const page = await send(
          new (s3().ListBucketsCommand)({ ...input, MaxBuckets: 1000, ContinuationToken }),
        );
        // An S3 that knows no filter lists all of them.
        for (const { Name } of page.Buckets ?? []) if (Name?.startsWith(prefix)) found.push(Name);
        ContinuationToken = page.ContinuationToken;
      } while (ContinuationToken);
      return found;
    },
  };
}
