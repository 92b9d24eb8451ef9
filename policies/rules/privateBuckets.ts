import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { withDefaults } from "../lib/config";
import { type Statement, statementsOf } from "../lib/policyDocument";
import { flagAt, listAt, mapAt, type Properties, textAt, valueAt } from "../lib/properties";
import { refersTo } from "../lib/refersTo";
import { matches } from "../lib/text";
import { Unknowns } from "../lib/unknowns";
import { isLeftOut } from "../training/rule";
import { trainingAndServing } from "../training/scope";

interface Config {
  requireKms: boolean;
  exemptNames: string[];
}

/** Buckets, with the property that holds their name. Directory buckets are closed and encrypted by themselves. */
const bucketTypes: Readonly<Record<string, string>> = {
  "aws:s3/bucket:Bucket": "bucket",
  "aws:s3/bucketV2:BucketV2": "bucket",
  "aws-native:s3:Bucket": "bucketName",
};
const accountBlock = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock";
const blocks = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

/** A bucket, and the other resources of the stack that configure it, by the last part of their type. */
interface BucketSetup {
  bucket: PolicyResource;
  companions: (typeName: string) => PolicyResource[];
  /** What closes every bucket of the account. */
  accountBlocks: PolicyResource[];
}

type Refuse = (found: string, limit: string, fix: string) => void;

export const privateBuckets: StackValidationPolicy = {
  name: "private-buckets",
  description:
    "Buckets of a stack that trains or serves are closed to the public, reached through TLS only, and encrypted with a KMS key if asked for.",
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
    if (trainingAndServing(args.resources).length === 0) {
      return;
    }
    const unknowns = new Unknowns();
    for (const bucket of args.resources.filter(({ type }) => type in bucketTypes)) {
      if (isLeftOut(bucket.props) || matches(bucket.name, config.exemptNames)) {
        continue;
      }
      const setup: BucketSetup = {
        bucket,
        companions: (typeName) =>
          args.resources
            .filter(({ type }) => type.endsWith(`:${typeName}`))
            .filter((other) => refersTo(other, "bucket", bucket, bucketTypes[bucket.type] ?? "")),
        accountBlocks: args.resources.filter(({ type }) => type === accountBlock),
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

function requirePrivate({ bucket, companions, accountBlocks }: BucketSetup, refuse: Refuse): void {
  const guards: unknown[] = [...companions("BucketPublicAccessBlock"), ...accountBlocks].map(
    ({ props }) => props,
  );
  // aws-native has the block in the bucket itself.
  const own = valueAt(bucket.props, "publicAccessBlockConfiguration");
  if (own !== undefined) guards.push(own);
  const open = blocks.filter((block) => !guards.some((guard) => flagAt(guard, block)));
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
    ...Array.from(listAt(bucket.props, "bucketEncryption.serverSideEncryptionConfiguration")),
  ];
  const algorithms = rules
    .map(
      (rule) =>
        textAt(rule, "applyServerSideEncryptionByDefault.sseAlgorithm") ??
        textAt(rule, "serverSideEncryptionByDefault.sseAlgorithm"),
    )
    .filter((algorithm) => algorithm !== undefined);
  if (!algorithms.some((algorithm) => algorithm.startsWith("aws:kms"))) {
    refuse(
      `has the default encryption ${algorithms.length === 0 ? "of S3 itself" : algorithms.join(", ")}`,
      "encryption with a KMS key is required",
      "Add a BucketServerSideEncryptionConfiguration with sseAlgorithm aws:kms",
    );
  }
}

function requireTls({ bucket, companions }: BucketSetup, refuse: Refuse): void {
  const policies = [bucket, ...companions("BucketPolicy")].map(
    ({ props }) => valueAt(props, "policy") ?? valueAt(props, "policyDocument"),
  );
  const statements = policies.filter((policy) => policy !== undefined).flatMap(statementsOf);
  const deniesPlain = statements.some(
    (statement) =>
      statement.effect === "Deny" &&
      statement.principals.includes("*") &&
      statement.actions.some((action) => /^(s3:)?\*$/i.test(action)) &&
      isAboutTlsOnly(statement.condition) &&
      holdsForAll(statement),
  );
  if (!deniesPlain) {
    refuse(
      "accepts requests without TLS",
      "TLS is required",
      'Add a BucketPolicy that denies s3:* on the bucket and all in it to everybody where aws:SecureTransport is "false"',
    );
  }
}

/** Whether a condition asks for a request without TLS, and for nothing beside it: what else it asked for would leave requests out. */
function isAboutTlsOnly(condition: Properties): boolean {
  const [operator = "", ...operators] = Object.keys(condition);
  const tests = mapAt(condition, operator);
  const [key = "", ...keys] = Object.keys(tests);
  return (
    /^Bool(IfExists)?$/i.test(operator) &&
    /^aws:SecureTransport$/i.test(key) &&
    operators.length + keys.length === 0 &&
    [tests[key]].flat().every((value) => String(value) === "false")
  );
}

/** Whether a statement holds for the bucket itself and for every object in it. */
function holdsForAll({ resources, notResources }: Statement): boolean {
  const all = (resource: string) => /^(\*|arn:[^:]*:s3:::[^/]*\*)$/.test(resource);
  const objects = (resource: string) => /^arn:[^:]*:s3:::[^/]+\/\*$/.test(resource);
  const itself = (resource: string) => /^arn:[^:]*:s3:::[^/]+$/.test(resource);
  return (
    notResources.length === 0 && (resources.some(all) || (resources.some(objects) && resources.some(itself)))
  );
}
