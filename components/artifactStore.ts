import * as pulumi from "@pulumi/pulumi";
import * as aws from "./aws";
import { keptBucket, leftBehind, storeOwner, strayBuckets } from "./keptBucket";
import { BUCKET_NAME, fitName } from "./names";
import { refusal } from "./refusal";
import type { StoreMark } from "./trainingJob/args/storeMark";
import type { StoreOwner } from "./trainingJob/identity/storeMark";

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
  /**
   * What must be there before anything is stored in a new bucket: no public access, encryption, TLS only. The expiry of checkpoints is
   * not among them: S3 takes a minute for it.
   */
  public readonly guards: pulumi.Resource[];
  /** Whose a new bucket is that a destroy keeps, for the job that is trained in it to say so in the bucket. */
  public readonly mark: pulumi.Output<StoreMark> | undefined;

  constructor(name: string, args: ArtifactStoreArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("training:index:ArtifactStore", name, {}, opts);

    if (args.bucketName) {
      const existing = aws.s3.getBucketOutput({ bucket: args.bucketName }, { parent: this });
      this.bucket = existing.bucket;
      this.bucketArn = existing.arn;
      this.guards = [];
    } else {
      // A retained bucket keeps its guards: they must not be taken off it at destroy.
      const keeps = (args.deletePolicy ?? "retain") === "retain";
      const options = { parent: this, retainOnDelete: keeps };
      // Where to look is what the stack's `aws:` configuration says, and not a provider of the program's own.
      const findsAgain = keeps && this.getProvider("aws:index:Provider") === undefined;
      const bucket = findsAgain ? this.takeUp(name, args, options) : createBucket(name, args, options);
      if (findsAgain) this.mark = markOf(name, bucket.bucket, args.kmsKeyId);
      this.bucket = bucket.bucket;
      this.bucketArn = bucket.arn;
      this.guards = guard(name, bucket, args.kmsKeyId, options);
      expire(name, bucket, args.checkpointDays ?? 30, options);
    }
    this.artifactsUri = pulumi.interpolate`s3://${this.bucket}/artifacts`;
    this.checkpointsUri = pulumi.interpolate`s3://${this.bucket}/checkpoints`;
    this.registerOutputs({ bucket: this.bucket });
  }

  /** The bucket that a destroy of this stack kept, imported; or else a new one. */
  private takeUp(name: string, args: ArtifactStoreArgs, options: pulumi.CustomResourceOptions) {
    const found = keptBucket(storeOwner(name), `${bucketName(name).toLowerCase()}-`, this);
    return pulumi.output(found).apply(({ bucket: kept, inUse, had }) => {
      // Of an imported bucket the program does not know the name any more, once it is in the state.
      const bucket = createBucket(name, args, { ...options, import: kept, ignoreChanges: ["bucket"] });
      bucket.bucket.apply((has) => {
        const stray = strayBuckets(inUse, has);
        if (stray) void pulumi.log.warn(stray, this);
      });
      if (had) this.refuseAnother(storeOwner(name), bucket.bucket, had);
      return bucket;
    });
  }

  /** At preview, where the name may not be known yet; without one there is only a warning left. */
  private refuseAnother(owner: StoreOwner, bucket: pulumi.Output<string>, had: string): void {
    // The SDK keeps it out of its types.
    const { isKnown } = bucket as unknown as { isKnown: Promise<boolean> };
    const has = pulumi.output(isKnown).apply((known) => (known ? bucket : pulumi.output("")));
    has
      .apply(async (name) => (name === had ? undefined : await leftBehind(owner, had)))
      .apply((text) => {
        if (text && pulumi.runtime.isDryRun()) throw refusal(text);
        if (text) void pulumi.log.warn(text, this);
      });
  }
}

/** What a new bucket is called in the state; its name in AWS begins so. */
const bucketName = (name: string): string => fitName(`${name}-bucket`, BUCKET_NAME);

const markOf = (name: string, bucket: pulumi.Output<string>, kmsKeyId: ArtifactStoreArgs["kmsKeyId"]) =>
  pulumi
    .all([bucket, kmsKeyId])
    .apply(([bucket, kmsKeyId]) => ({ bucket, ...storeOwner(name), ...(kmsKeyId ? { kmsKeyId } : {}) }));

/** A bucket, or one that is made as soon as it is known how. */
type Bucket = Pick<aws.s3.Bucket, "bucket" | "arn">;

function createBucket(name: string, args: ArtifactStoreArgs, options: pulumi.CustomResourceOptions) {
  return new aws.s3.Bucket(
    bucketName(name),
    { forceDestroy: args.deletePolicy === "delete", tags: args.tags },
    options,
  );
}

function guard(
  name: string,
  bucket: Bucket,
  kmsKeyId: ArtifactStoreArgs["kmsKeyId"],
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  return [
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
    ),
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      {
        bucket: bucket.bucket,
        rules: [
          {
            applyServerSideEncryptionByDefault: kmsKeyId
              ? { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyId }
              : { sseAlgorithm: "AES256" },
            bucketKeyEnabled: kmsKeyId !== undefined,
          },
        ],
      },
      options,
    ),
    new aws.s3.BucketPolicy(
      `${name}-tls-only`,
      { bucket: bucket.bucket, policy: bucket.arn.apply(tlsOnly) },
      options,
    ),
  ];
}

function expire(
  name: string,
  bucket: Bucket,
  checkpointDays: number,
  options: pulumi.CustomResourceOptions,
): void {
  new aws.s3.BucketLifecycleConfiguration(
    `${name}-lifecycle`,
    {
      bucket: bucket.bucket,
      rules: [
        {
          id: "expire-checkpoints",
          status: "Enabled",
          filter: { prefix: "checkpoints/" },
          expiration: { days: checkpointDays },
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
