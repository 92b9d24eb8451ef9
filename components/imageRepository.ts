import * as pulumi from "@pulumi/pulumi";
import * as aws from "./aws";

export interface ImageRepositoryArgs {
  /** ARN of the KMS key that encrypts the images. Default: ECR's own keys (AES-256). */
  kmsKeyArn?: string;
  /** "retain" leaves the repository and its images at `pulumi destroy`, "delete" removes them. Default: "retain". */
  deletePolicy?: "retain" | "delete";
  tags?: Record<string, string>;
}

/** Images that a run was trained in are worth keeping, but not for ever: ECR bills 0.10 USD a month for each GB. */
const IMAGES_KEPT = 50;
/** Of a push that was broken off. */
const UNTAGGED_DAYS = 14;

/**
 * An ECR repository for the images of a stack: scanned when they come, never overwritten, the newest 50 kept.
 *
 * @example
 * const repository = new ImageRepository("images", { deletePolicy: "delete" });
 */
export class ImageRepository extends pulumi.ComponentResource {
  /** Registry path of the repository. */
  public readonly url: pulumi.Output<string>;
  public readonly arn: pulumi.Output<string>;

  constructor(name: string, args: ImageRepositoryArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("training:index:ImageRepository", name, {}, opts);

    const retain = (args.deletePolicy ?? "retain") === "retain";
    const options = { parent: this, retainOnDelete: retain };
    const repository = new aws.ecr.Repository(
      // ECR takes no capitals, and no two hyphens in a row.
      `${name}-repository`.toLowerCase().replace(/-+/g, "-"),
      {
        encryptionConfigurations: [
          args.kmsKeyArn ? { encryptionType: "KMS", kmsKey: args.kmsKeyArn } : { encryptionType: "AES256" },
        ],
        imageScanningConfiguration: { scanOnPush: true },
        imageTagMutability: "IMMUTABLE",
        forceDelete: !retain,
        tags: args.tags,
      },
      options,
    );
    new aws.ecr.LifecyclePolicy(
      `${name}-lifecycle`,
      { repository: repository.name, policy: JSON.stringify(LIFECYCLE) },
      options,
    );
    this.url = repository.repositoryUrl;
    this.arn = repository.arn;
    this.registerOutputs({ url: this.url });
  }
}

const LIFECYCLE = {
  rules: [
    {
      rulePriority: 1,
      description: "What was pushed without its end",
      selection: {
        tagStatus: "untagged",
        countType: "sinceImagePushed",
        countUnit: "days",
        countNumber: UNTAGGED_DAYS,
      },
      action: { type: "expire" },
    },
    {
      rulePriority: 2,
      description: "All but the newest",
      selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: IMAGES_KEPT },
      action: { type: "expire" },
    },
  ],
};
