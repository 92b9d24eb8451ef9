import type { PolicyResource } from "@pulumi/policy";
import { type Properties, pathsAt, textAt, valueAt } from "../lib/properties";

/** Something that gives permissions to a role. */
export interface Grant {
  /** Where the permissions stand, for the message: `policy`. */
  where: string;
  document?: () => unknown;
  managedPolicyArn?: () => string | undefined;
}

/** Where a type of resource gives permissions, and to whom. */
interface GrantingType {
  /** The property with the name of the role, or the names of the roles. */
  role?: string;
  /** The property with the ARN of a managed policy, or the ARNs of several. */
  attaches?: string;
  /** The property with the policy document. */
  document?: string;
  /** The list of policies inside the resource, and the property of each that holds the document. */
  inline?: readonly [string, string];
}

const grantingTypes: Readonly<Record<string, GrantingType>> = {
  "aws:iam/role:Role": { attaches: "managedPolicyArns", inline: ["inlinePolicies", "policy"] },
  "aws:iam/rolePolicy:RolePolicy": { role: "role", document: "policy" },
  "aws:iam/policy:Policy": { document: "policy" },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": { role: "role", attaches: "policyArn" },
  "aws:iam/policyAttachment:PolicyAttachment": { role: "roles", attaches: "policyArn" },
  "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": {
    role: "roleName",
    attaches: "policyArns",
  },
  "aws-native:iam:Role": { attaches: "managedPolicyArns", inline: ["policies", "policyDocument"] },
  "aws-native:iam:RolePolicy": { role: "roleName", document: "policyDocument" },
  "aws-native:iam:ManagedPolicy": { role: "roles", document: "policyDocument" },
};

/** The property in which a resource names the role that it gives permissions to. */
export function roleProperty({ type }: PolicyResource): string | undefined {
  return grantingTypes[type]?.role;
}

/** The property in which a resource names the managed policies that it attaches. */
export function attachingProperty({ type }: PolicyResource): string | undefined {
  return grantingTypes[type]?.attaches;
}

/** All that a resource grants. Each is read only when asked for, as one of them may not be known yet. */
export function grantsOf({ type, props }: PolicyResource): Grant[] {
  const { attaches, document, inline } = grantingTypes[type] ?? {};
  return [
    ...(document === undefined ? [] : [{ where: document, document: () => valueAt(props, document) }]),
    ...(inline === undefined
      ? []
      : pathsAt(props, inline[0]).map((entry) => {
          const where = `${entry}.${inline[1]}`;
          return { where, document: () => valueAt(props, where) };
        })),
    ...(attaches === undefined
      ? []
      : places(props, attaches).map((where) => ({ where, managedPolicyArn: () => textAt(props, where) }))),
  ];
}

/** One value, or the entries of a list. */
function places(props: Properties, property: string): string[] {
  const several = property.endsWith("s");
  return several ? pathsAt(props, property) : [property];
}
