import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { withDefaults } from "../lib/config";
import { statementsOf } from "../lib/policyDocument";
import { flagAt, listAt, textAt, valueAt } from "../lib/properties";
import { matches } from "../lib/text";
import { Unknowns } from "../lib/unknowns";

interface Config {
  requireKms: boolean;
  exemptNames: string[];
}

const bucketTypes = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];
const blocks = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

/** A bucket, and the other resources of the stack that configure it, by the last part of their type. */
interface BucketSetup {
  bucket: PolicyResource;
  companions: (typeName: string) => PolicyResource[];
}

type Refuse = (found: string, limit: string, fix: string) => void;

export const privateBuckets: StackValidationPolicy = {
  name: "private-buckets",
  description:
    "Buckets of the stack are closed to the public, reached through TLS only, and encrypted with a KMS key if asked for.",
  enforcementLevel: "advisory",
  severity: "high",
  configSchema: {
    properties: {
      requireKms: {
        type: "boolean",
        default: false,
        description:
          "Whether the default encryption must use a KMS key. Otherwise the keys that S3 uses by itself are enough.",
      },
      exemptNames: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: [],
        description: "Resource names of buckets that the rule leaves alone; `*` stands for any characters.",
      },
    },
  },
  validateStack: (args, reportViolation) => {
    const config = withDefaults<Config>(privateBuckets.configSchema, args.getConfig());
    const unknowns = new Unknowns();
    for (const bucket of args.resources.filter(({ type }) => bucketTypes.includes(type))) {
      if (matches(bucket.name, config.exemptNames)) {
        continue;
      }
      const setup: BucketSetup = {
        bucket,
        companions: (typeName) =>
          args.resources
            .filter(({ type }) => type.endsWith(`:${typeName}`))
            .filter((other) => configures(other, bucket)),
      };
      const refuse: Refuse = (found, limit, fix) =>
        reportViolation(`bucket "${bucket.name}" ${found}; ${limit}. ${fix}.`, bucket.urn);
      const of = `bucket "${bucket.name}": `;
      unknowns.look(() => requirePrivate(setup, refuse), of);
      unknowns.look(() => requireEncryption(setup, config, refuse), of);
      unknowns.look(() => requireTls(setup, refuse), of);
    }
    unknowns.rethrow("the rule looks again at the end of the update.");
  },
};

/** Whether a resource's bucket comes from this one, or has its name. */
function configures(companion: PolicyResource, bucket: PolicyResource): boolean {
  const sources = companion.propertyDependencies.bucket ?? [];
  return (
    sources.some(({ urn }) => urn === bucket.urn) ||
    (sources.length === 0 && textAt(companion.props, "bucket") === textAt(bucket.props, "bucket"))
  );
}

function requirePrivate({ companions }: BucketSetup, refuse: Refuse): void {
  const guards = companions("BucketPublicAccessBlock");
  const open = blocks.filter((block) => !guards.some(({ props }) => flagAt(props, block)));
  if (open.length > 0) {
    refuse(
      guards.length === 0 ? "has no BucketPublicAccessBlock" : `does not set ${open.join(", ")}`,
      "buckets must be closed to the public",
      `Add a BucketPublicAccessBlock with ${blocks.join(", ")}`,
    );
  }
}

function requireEncryption(
  { bucket, companions }: BucketSetup,
  { requireKms }: Config,
  refuse: Refuse,
): void {
  // S3 encrypts every bucket with its own keys since 2023, and reports so: only a KMS key has to be asked for.
  if (!requireKms) return;
  const rules = [
    ...Array.from(listAt(bucket.props, "serverSideEncryptionConfigurations")),
    ...companions("BucketServerSideEncryptionConfiguration").flatMap(({ props }) =>
      Array.from(listAt(props, "rules")),
    ),
    ...companions("BucketServerSideEncryptionConfigurationV2").flatMap(({ props }) =>
      Array.from(listAt(props, "rules")),
    ),
    valueAt(bucket.props, "serverSideEncryptionConfiguration.rule"),
  ];
  const algorithms = rules
    .map((rule) => textAt(rule, "applyServerSideEncryptionByDefault.sseAlgorithm"))
    .filter((algorithm) => algorithm !== undefined);
  if (!algorithms.some((algorithm) => algorithm.startsWith("aws:kms"))) {
    refuse(
      `has ${algorithms.length === 0 ? "no default encryption" : `the default encryption ${algorithms.join(", ")}`}`,
      "encryption with a KMS key is required",
      "Add a BucketServerSideEncryptionConfiguration with sseAlgorithm aws:kms",
    );
  }
}

function requireTls({ bucket, companions }: BucketSetup, refuse: Refuse): void {
  const policies = [bucket, ...companions("BucketPolicy")].map(({ props }) => valueAt(props, "policy"));
  const statements = policies.filter((policy) => policy !== undefined).flatMap(statementsOf);
  const deniesPlain = statements.some(
    ({ effect, principals, actions, condition }) =>
      effect === "Deny" &&
      principals.includes("*") &&
      actions.some((action) => action === "s3:*" || action === "*") &&
      textAt(condition, "Bool.aws:SecureTransport") === "false",
  );
  if (!deniesPlain) {
    refuse(
      "accepts requests without TLS",
      "TLS is required",
      'Add a BucketPolicy that denies s3:* to everybody where aws:SecureTransport is "false"',
    );
  }
}
