import type { StackValidationPolicy } from "@pulumi/policy";
import { withDefaults } from "../lib/config";
import { type Statement, statementsOf } from "../lib/policyDocument";
import { matches, oneOf } from "../lib/text";
import { Unknowns } from "../lib/unknowns";
import { type Grant, grantsOf } from "../roles/grants";
import { grantsToTraining } from "../roles/trainingRoles";

interface Config {
  allowedWildcardActions: string[];
  forbiddenManagedPolicies: string[];
  exemptNames: string[];
}

export const leastPrivilegeRole: StackValidationPolicy = {
  name: "least-privilege-role",
  description:
    "The execution role has no wildcard actions, no managed policy with full access, and no way to give itself more.",
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
        default: [
          "*FullAccess",
          "AdministratorAccess*",
          "*Administrator",
          "*PowerUser*",
          "DataScientist",
          "SecretsManagerReadWrite",
        ],
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
  validateStack: (args, reportViolation) => {
    const config = withDefaults<Config>(leastPrivilegeRole.configSchema, args.getConfig());
    const unknowns = new Unknowns();
    for (const resource of grantsToTraining(args.resources, unknowns)) {
      if (matches(resource.name, config.exemptNames)) continue;
      const of = `"${resource.name}": `;
      const report = (found: string, limit: string, fix: string) =>
        reportViolation(`"${resource.name}" ${found}; ${limit}. ${fix}.`, resource.urn);
      unknowns.look(() => {
        for (const grant of grantsOf(resource)) {
          unknowns.look(() => judge(grant, config, report), of);
        }
      }, of);
    }
    unknowns.rethrow("the rule looks again at the end of the update.");
  },
};

type Report = (found: string, limit: string, fix: string) => void;

function judge({ where, document, managedPolicyArn }: Grant, config: Config, report: Report): void {
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
  const wild = granted.flatMap(({ actions }) => actions.filter((action) => /[*?]/.test(action)));
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
  const escalating = granted.filter(isUnbounded).flatMap(({ actions }) => actions.filter(givesMore));
  if (escalating.length > 0) {
    report(
      `allows ${escalating.join(", ")} on every resource (${where})`,
      "with these the training could give itself, or take, any permission",
      "Name the roles or policies in Resource, or leave these actions out",
    );
  }
}

/** Whether an action changes or hands on permissions: whatever writes to IAM, and taking the place of another role. */
function givesMore(action: string): boolean {
  return /^(iam:(?!get|list|simulate|generate)[a-z]+|sts:assumerole\w*)$/i.test(action);
}

/** An ARN that ends in wildcards where the name of a role or policy would begin, or before: `role/*`, `rol*`, `role/?*`. */
const unlisted = /:(r(o(le?)?)?|p(o(l(i(cy?)?)?)?)?|role\/|policy\/)?[*?][*?/]*$/;

/** Whether a statement is for resources that nobody listed: `*`, or the roles of an account. */
function isUnbounded({ resources, notResources }: Statement): boolean {
  return notResources.length > 0 || resources.some((resource) => resource === "*" || unlisted.test(resource));
}
