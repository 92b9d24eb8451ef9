/** aws:iam/role:Role */

import type { IAM } from "@aws-sdk/client-iam";
import type { Aws } from "../../aws.ts";
import { normalDocument } from "../../documents.ts";
import { ifExists } from "../../errors.ts";
import { defineResource, unserved } from "../../resource.ts";
import { ownTags, removedKeys, type Tags, tagList, tagMap } from "../../tags.ts";
import type { Values } from "../../values.ts";

interface RoleInputs extends Values {
  name: string;
  path: string;
  assumeRolePolicy: string;
  description?: string;
  forceDetachPolicies: boolean;
  managedPolicyArns?: string[];
  /** Seconds, 3600 to 43200. */
  maxSessionDuration: number;
  permissionsBoundary?: string;
  tags?: Tags;
}

export const role = defineResource<RoleInputs>({
  token: "aws:iam/role:Role",
  global: true,
  autoName: { property: "name", maxLength: 64, prefix: "namePrefix" },
  inputs: {
    name: { kind: "string", computed: true, replaces: true, maxLength: 64, pattern: /^[\w+=,.@-]*$/ },
    namePrefix: {
      kind: "string",
      computed: true,
      replaces: true,
      stateOnly: true,
      unset: "",
      maxLength: 64 - 26,
    },
    path: { kind: "string", default: "/", replaces: true },
    assumeRolePolicy: { kind: "json", required: true },
    description: { kind: "string", unset: "" },
    forceDetachPolicies: { kind: "boolean", default: false, stateOnly: true },
    inlinePolicies: unserved([]),
    managedPolicyArns: { kind: "block", computed: true, unset: [] },
    maxSessionDuration: { kind: "number", default: 3600 },
    permissionsBoundary: { kind: "string", unset: "" },
    tags: { kind: "map" },
  },
  outputs: ["arn", "createDate", "uniqueId"],

  async create(aws, inputs) {
    const iam = await aws.iam();
    await iam.createRole({
      RoleName: inputs.name,
      Path: inputs.path,
      AssumeRolePolicyDocument: inputs.assumeRolePolicy,
      Description: inputs.description,
      MaxSessionDuration: inputs.maxSessionDuration,
      PermissionsBoundary: inputs.permissionsBoundary,
      Tags: tagList(inputs.tags),
    });
    return inputs.name;
  },

  async configure(aws, id, inputs) {
    await attachOnly(aws, id, inputs.managedPolicyArns);
  },

  async read(aws, id, state) {
    const properties = await describeRole(aws, id);
    if (!properties) return undefined;
    const [arns, inlinePolicies] = await Promise.all([attached(aws, id), inline(aws, id)]);
    return {
      ...properties,
      managedPolicyArns: sortedLike(state.managedPolicyArns ?? [], arns),
      inlinePolicies,
    };
  },

  async update(aws, id, { olds, news, changed }) {
    const iam = await aws.iam();
    if (changed("assumeRolePolicy")) {
      await iam.updateAssumeRolePolicy({ RoleName: id, PolicyDocument: news.assumeRolePolicy });
    }
    if (changed("description", "maxSessionDuration")) {
      await iam.updateRole({
        RoleName: id,
        Description: news.description ?? "",
        MaxSessionDuration: news.maxSessionDuration,
      });
    }
    if (changed("permissionsBoundary")) await setBoundary(iam, id, news.permissionsBoundary);
    if (changed("managedPolicyArns")) await attachOnly(aws, id, news.managedPolicyArns ?? []);
    if (changed("tags")) {
      const TagKeys = removedKeys(olds.tags, news.tags);
      if (TagKeys.length > 0) await iam.untagRole({ RoleName: id, TagKeys });
      if (news.tags) await iam.tagRole({ RoleName: id, Tags: tagList(news.tags) });
    }
  },

  async delete(aws, id, state) {
    const iam = await aws.iam();
    const { forceDetachPolicies, managedPolicyArns = [], inlinePolicies } = state;
    const hasInline = Array.isArray(inlinePolicies) && inlinePolicies.length > 0;
    if (forceDetachPolicies || managedPolicyArns.length > 0) await ifExists(attachOnly(aws, id, []));
    if (forceDetachPolicies || hasInline) await ifExists(deleteInlinePolicies(iam, id));
    await ifExists(iam.deleteRole({ RoleName: id }));
  },
});

async function describeRole(aws: Aws, name: string) {
  const iam = await aws.iam();
  const answer = await ifExists(iam.getRole({ RoleName: name }));
  if (!answer?.Role) return undefined;
  const { Role } = answer;
  return {
    name: Role.RoleName,
    path: Role.Path,
    arn: Role.Arn,
    uniqueId: Role.RoleId,
    createDate: timestamp(Role.CreateDate),
    // The API returns the document URL-encoded.
    assumeRolePolicy: decodeURIComponent(Role.AssumeRolePolicyDocument ?? ""),
    description: Role.Description ?? "",
    maxSessionDuration: Role.MaxSessionDuration,
    permissionsBoundary: Role.PermissionsBoundary?.PermissionsBoundaryArn,
    tags: ownTags(tagMap(Role.Tags)),
  };
}

/** RFC 3339 without fractions of a second, as the AWS provider writes it. */
function timestamp(date: Date | undefined): string | undefined {
  return date?.toISOString().replace(/\.\d+Z$/, "Z");
}

async function setBoundary(iam: IAM, RoleName: string, PermissionsBoundary: string | undefined) {
  if (PermissionsBoundary) await iam.putRolePermissionsBoundary({ RoleName, PermissionsBoundary });
  else await ifExists(iam.deleteRolePermissionsBoundary({ RoleName }));
}

async function attached(aws: Aws, RoleName: string): Promise<string[]> {
  const iam = await aws.iam();
  const { AttachedPolicies = [] } = await iam.listAttachedRolePolicies({ RoleName, MaxItems: 1000 });
  return AttachedPolicies.map((policy) => policy.PolicyArn ?? "");
}

/** The inline policies, those of resources of their own among them. */
async function inline(aws: Aws, RoleName: string): Promise<Values[]> {
  const iam = await aws.iam();
  const { PolicyNames = [] } = await iam.listRolePolicies({ RoleName, MaxItems: 1000 });
  const policies = await Promise.all(
    PolicyNames.map(async (name) => {
      // One that is deleted in the meantime is no longer the role's.
      const found = await ifExists(iam.getRolePolicy({ RoleName, PolicyName: name }));
      const policy = normalDocument(decodeURIComponent(found?.PolicyDocument ?? ""), true);
      return found ? [{ name, policy }] : [];
    }),
  );
  return policies.flat();
}

/** Attaches and detaches managed policies until exactly the given ones are attached. */
async function attachOnly(aws: Aws, RoleName: string, wanted: string[] | undefined): Promise<void> {
  if (!wanted) return;
  const iam = await aws.iam();
  const present = await attached(aws, RoleName);
  for (const PolicyArn of wanted.filter((arn) => !present.includes(arn))) {
    await iam.attachRolePolicy({ RoleName, PolicyArn });
  }
  for (const PolicyArn of present.filter((arn) => !wanted.includes(arn))) {
    await iam.detachRolePolicy({ RoleName, PolicyArn });
  }
}

async function deleteInlinePolicies(iam: IAM, RoleName: string): Promise<void> {
  const { PolicyNames = [] } = await iam.listRolePolicies({ RoleName, MaxItems: 1000 });
  for (const PolicyName of PolicyNames) await iam.deleteRolePolicy({ RoleName, PolicyName });
}

/** The API keeps no order: reported in the order of the program, so that only real differences show. */
function sortedLike(order: string[], arns: string[]): string[] {
  const rank = (arn: string) => (order.includes(arn) ? order.indexOf(arn) : order.length);
  return [...arns].sort((a, b) => rank(a) - rank(b));
}
