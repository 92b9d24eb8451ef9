/** What a bucket reports of settings that are resources of their own. The bucket cannot set them here. */

import type { Grant, S3, ServerSideEncryptionRule } from "@aws-sdk/client-s3";
import { normalDocument } from "../../documents.ts";
import { ifExists } from "../../errors.ts";
import type { Values } from "../../values.ts";

/** Policy, grants, encryption and versioning as they are now: right after the creation, what S3 starts with. */
export async function bucketState(s3: S3, Bucket: string): Promise<Values> {
  const [policy, acl, encryption, versioning] = await Promise.all([
    ifExists(s3.getBucketPolicy({ Bucket })),
    ifExists(s3.getBucketAcl({ Bucket })),
    ifExists(s3.getBucketEncryption({ Bucket })),
    ifExists(s3.getBucketVersioning({ Bucket })),
  ]);
  const [rule] = encryption?.ServerSideEncryptionConfiguration?.Rules ?? [];
  return {
    policy: normalDocument(policy?.Policy ?? ""),
    grants: grants(acl?.Grants ?? []),
    serverSideEncryptionConfiguration: rule && { rule: encryptionRule(rule) },
    versioning: {
      enabled: versioning?.Status === "Enabled",
      mfaDelete: versioning?.MFADelete === "Enabled",
    },
  };
}

/** One entry for each grantee, with all its permissions. */
function grants(list: Grant[]): Values[] {
  const byGrantee = new Map<string, { id: string; permissions: string[]; type: string; uri: string }>();
  for (const { Grantee, Permission } of list) {
    const { ID: id = "", Type: type = "CanonicalUser", URI: uri = "" } = Grantee ?? {};
    const known = byGrantee.get(id + uri) ?? { id, permissions: [], type, uri };
    if (Permission) known.permissions.push(Permission);
    byGrantee.set(id + uri, known);
  }
  return [...byGrantee.values()];
}

function encryptionRule({
  ApplyServerSideEncryptionByDefault: byDefault,
  BucketKeyEnabled,
}: ServerSideEncryptionRule) {
  return {
    applyServerSideEncryptionByDefault: {
      kmsMasterKeyId: byDefault?.KMSMasterKeyID ?? "",
      sseAlgorithm: byDefault?.SSEAlgorithm ?? "AES256",
    },
    bucketKeyEnabled: BucketKeyEnabled ?? false,
  };
}
