import type { ResourceValidationPolicy } from "@pulumi/policy";
import { withDefaults } from "../lib/config";
import { statementsOf } from "../lib/policyDocument";
import { type Properties, pathsAt, textAt, valueAt } from "../lib/properties";
import { matches, oneOf } from "../lib/text";
import { Unknowns } from "../lib/unknowns";

interface Config {
  allowedWildcardActions: string[];
  forbiddenManagedPolicies: string[];
  exemptNames: string[];
}

/** Something that gives permissions to a role. */
interface Grant {
  /** Where the permissions stand, for the message: `policy`. */
  where: string;
  document?: () => unknown;
  managedPolicyArn?: () => string | undefined;
}

/** Where each type of resource gives permissions, and the property with the name of the role it gives them to. */
const types: Record<string, { role?: string; grants: (props: Properties) => Grant[] }> = {
  "aws:iam/role:Role": { grants: roleGrants },
  "aws:iam/rolePolicy:RolePolicy": { role: "role", grants: documentGrant },
  "aws:iam/policy:Policy": { grants: documentGrant },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": { role: "role", grants: attachedGrant },
  "aws:iam/policyAttachment:PolicyAttachment": { grants: attachedGrant },
  "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": {
    role: "roleName",
    grants: (props) => managedGrants(props, "policyArns"),
  },
};

/** Names of roles of this deployment that SageMaker cannot assume. What they may do is not this rule's business. */
const otherRoles = new Set<string>();

export const leastPrivilegeRole: ResourceValidationPolicy = {
  name: "least-privilege-role",
  description: "The execution role has no wildcard actions and no managed policy with full access.",
  enforcementLevel: "advisory",
  severity: "high",
  configSchema: {
    properties: {
      allowedWildcardActions: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: [],
        description:
          "Actions with a wildcard that may be granted all the same, as they are written: `s3:Get*`.",
      },
      forbiddenManagedPolicies: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: ["*FullAccess", "AdministratorAccess", "PowerUserAccess"],
        description: "Names of managed policies that may not be attached; `*` stands for any characters.",
      },
      exemptNames: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: [],
        description: "Resource names that the rule leaves alone; `*` stands for any characters.",
      },
    },
  },
  validateResource: (args, reportViolation) => {
    const type = types[args.type];
    const config = withDefaults<Config>(leastPrivilegeRole.configSchema, args.getConfig());
    if (type === undefined || matches(args.name, config.exemptNames)) {
      args.notApplicable("gives no permissions to a training role");
      return;
    }
    const unknowns = new Unknowns();
    const report = (found: string, limit: string, fix: string) => {
      const role = type.role === undefined ? undefined : textAt(args.props, type.role);
      if (role === undefined || !otherRoles.has(role)) {
        reportViolation(`"${args.name}" ${found}; ${limit}. ${fix}.`);
      }
    };
    unknowns.look(() => {
      if (args.type === "aws:iam/role:Role" && !isTrainingRole(args.props)) {
        return;
      }
      for (const grant of type.grants(args.props)) {
        unknowns.look(() => judge(grant, config, report));
      }
    });
    unknowns.rethrow("the rule looks again during the update, before the permissions are given.");
  },
};

function judge(
  { where, document, managedPolicyArn }: Grant,
  config: Config,
  report: (found: string, limit: string, fix: string) => void,
): void {
  const managed = managedPolicyArn?.()?.split("/").pop();
  if (managed !== undefined && matches(managed, config.forbiddenManagedPolicies)) {
    report(
      `attaches the managed policy ${managed} (${where})`,
      `managed policies such as ${oneOf(config.forbiddenManagedPolicies)} are not allowed`,
      "Give the role a policy with the actions that its training needs",
    );
  }
  const granted =
    document === undefined ? [] : statementsOf(document()).filter(({ effect }) => effect === "Allow");
  const wild = granted.flatMap(({ actions }) => actions.filter((action) => action.includes("*")));
  const refused = wild.filter((action) => !config.allowedWildcardActions.includes(action));
  if (refused.length > 0) {
    report(
      `allows ${refused.join(", ")} (${where})`,
      "wildcard actions are not allowed",
      "List the actions that the training needs",
    );
  }
  if (granted.some(({ notActions }) => notActions.length > 0)) {
    report(
      `allows everything but some actions (${where})`,
      "NotAction is not allowed",
      "List the actions that the training needs in Action",
    );
  }
}

/** Whether SageMaker may assume the role; the name of any other role is kept. */
function isTrainingRole(props: Properties): boolean {
  const statements = statementsOf(valueAt(props, "assumeRolePolicy"));
  const principals = statements.flatMap(({ principals: all }) => all);
  // No role is without a trust policy: one that is not to be seen may trust SageMaker.
  if (
    statements.length === 0 ||
    principals.some((principal) => principal === "*" || principal === "sagemaker.amazonaws.com")
  ) {
    return true;
  }
  const name = textAt(props, "name");
  if (name !== undefined) {
    otherRoles.add(name);
  }
  return false;
}

function roleGrants(props: Properties): Grant[] {
  const inline = pathsAt(props, "inlinePolicies").map((path) => {
    const where = `${path}.policy`;
    return { where, document: () => valueAt(props, where) };
  });
  return [...inline, ...managedGrants(props, "managedPolicyArns")];
}

function documentGrant(props: Properties): Grant[] {
  return [{ where: "policy", document: () => valueAt(props, "policy") }];
}

function attachedGrant(props: Properties): Grant[] {
  return [{ where: "policyArn", managedPolicyArn: () => textAt(props, "policyArn") }];
}

function managedGrants(props: Properties, list: string): Grant[] {
  return pathsAt(props, list).map((where) => ({ where, managedPolicyArn: () => textAt(props, where) }));
}
