import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface ArtifactStoreArgs {
  /** Name of an existing bucket to use as it is. Default: a new one, private, encrypted, TLS only. */
  bucketName?: string;
  /** KMS key (id or ARN) for the bucket's default encryption. Default: the S3 managed key (SSE-S3). */
  kmsKeyId?: pulumi.Input<string>;
  /** "retain" leaves the bucket and all artifacts at `pulumi destroy`, "delete" empties and removes it. Default: "retain". */
  deletePolicy?: "retain" | "delete";
  /** Days after which checkpoints expire: they are needed only while a job may be resumed. Default: 30. */
  checkpointDays?: number;
  tags?: Record<string, string>;
}

/**
 * Where an experiment's code, checkpoints and model artifacts live: `code/`, `checkpoints/`, `artifacts/` in one bucket.
 *
 * @example
 * const store = new ArtifactStore("store", { deletePolicy: "retain" });
 */
export class ArtifactStore extends pulumi.ComponentResource {
  /** The bucket's name. */
  public readonly bucket: pulumi.Output<string>;
  public readonly bucketArn: pulumi.Output<string>;
  /** S3 URI that model artifacts go under; SageMaker adds `/<job>/output/model.tar.gz`. */
  public readonly artifactsUri: pulumi.Output<string>;
  /** S3 URI that checkpoints go under. */
  public readonly checkpointsUri: pulumi.Output<string>;

  constructor(name: string, args: ArtifactStoreArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("training:index:ArtifactStore", name, {}, opts);

    if (args.bucketName) {
      const existing = aws.s3.getBucketOutput({ bucket: args.bucketName }, { parent: this });
      this.bucket = existing.bucket;
      this.bucketArn = existing.arn;
    } else {
      const bucket = this.createBucket(name, args);
      this.bucket = bucket.bucket;
      this.bucketArn = bucket.arn;
    }
    this.artifactsUri = pulumi.interpolate`s3://${this.bucket}/artifacts`;
    this.checkpointsUri = pulumi.interpolate`s3://${this.bucket}/checkpoints`;
    this.registerOutputs({ bucket: this.bucket });
  }

  private createBucket(name: string, args: ArtifactStoreArgs): aws.s3.Bucket {
    const keep = (args.deletePolicy ?? "retain") === "retain";
    const bucket = new aws.s3.Bucket(
      `${name}-bucket`,
      { forceDestroy: !keep, tags: args.tags },
      { parent: this, retainOnDelete: keep },
    );
    // A retained bucket keeps its guards: they must not be taken off it at destroy.
    const options = { parent: this, retainOnDelete: keep };
    new aws.s3.BucketPublicAccessBlock(
      `${name}-private`,
      {
        bucket: bucket.bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      options,
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      {
        bucket: bucket.bucket,
        rules: [
          {
            applyServerSideEncryptionByDefault: args.kmsKeyId
              ? { sseAlgorithm: "aws:kms", kmsMasterKeyId: args.kmsKeyId }
              : { sseAlgorithm: "AES256" },
            bucketKeyEnabled: args.kmsKeyId !== undefined,
          },
        ],
      },
      options,
    );
    new aws.s3.BucketPolicy(
      `${name}-tls-only`,
      { bucket: bucket.bucket, policy: bucket.arn.apply(tlsOnly) },
      options,
    );
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        bucket: bucket.bucket,
        rules: [
          {
            id: "expire-checkpoints",
            status: "Enabled",
            filter: { prefix: "checkpoints/" },
            expiration: { days: args.checkpointDays ?? 30 },
          },
          {
            id: "abort-incomplete-uploads",
            status: "Enabled",
            filter: { prefix: "" },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
      options,
    );
    return bucket;
  }
}

const tlsOnly = (bucketArn: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucketArn, `${bucketArn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
