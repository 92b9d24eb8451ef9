import assert from "node:assert/strict";
import { leastPrivilegeRole } from "../../../policies/rules/leastPrivilegeRole";
import { examineStack, type StackResource } from "../support/examine";
import { assertPasses, assertRefuses, assertUnseen } from "../support/expect";
import { jobKinds, unknown } from "../support/jobs";

const wildcard = document({ Action: "s3:*" });
const exact = document({ Action: ["s3:GetObject", "logs:PutLogEvents"] });

function document(statement: object, effect = "Allow"): string {
  return JSON.stringify({ Statement: [{ Effect: effect, Resource: "*", ...statement }] });
}

function trust(service: string): string {
  return JSON.stringify({
    Statement: { Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" },
  });
}

function role(name: string, props: object = {}, service = "sagemaker.amazonaws.com"): StackResource {
  return { type: "aws:iam/role:Role", name, props: { name, assumeRolePolicy: trust(service), ...props } };
}

function iam(
  type: string,
  name: string,
  props: object,
  dependsOn: Record<string, string> = {},
): StackResource {
  const module = `${type[0]?.toLowerCase()}${type.slice(1)}`;
  return { type: `aws:iam/${module}:${type}`, name, props: { ...props }, dependsOn };
}

const rolePolicy = (props: object) => iam("RolePolicy", "permissions", { role: "training", ...props });
const attachment = (policyArn: string) =>
  iam("RolePolicyAttachment", "attached", { role: "training", policyArn });

const fullAccess = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess";
const training = role("training");
/** A job with the role "training" of another stack. */
const job = jobKinds[0]?.job() as StackResource;

/** The rule on a stack that has the training role, and these. */
const examine = (resource: StackResource, config = {}) =>
  examineStack(leastPrivilegeRole, [training, resource], {}, config);

describe("least-privilege-role", () => {
  it("passes a policy that lists its actions, as text or as an object", () => {
    assertPasses(examine(rolePolicy({ policy: exact })));
    assertPasses(examine(rolePolicy({ policy: JSON.parse(exact) })));
  });

  it("refuses managed policies that administer, or reach into what others keep", () => {
    for (const name of [
      "AdministratorAccess-Amplify",
      "AmazonEC2ContainerRegistryPowerUser",
      "job-function/DatabaseAdministrator",
      "job-function/SystemAdministrator",
      "SecretsManagerReadWrite",
    ]) {
      assertRefuses(examine(attachment(`arn:aws:iam::aws:policy/${name}`)), "attaches the managed policy");
    }
    assertPasses(examine(attachment("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")));
  });

  it("refuses a wildcard action, whatever part of it is one", () => {
    for (const action of ["*", "s3:*", "s3:Get*", "s3:?????????"]) {
      assertRefuses(
        examine(rolePolicy({ policy: document({ Action: [action, "s3:PutObject"] }) })),
        `"permissions" allows ${action} (policy)`,
        "wildcard actions are not allowed",
        "List the actions that the training needs",
      );
    }
  });

  it("refuses ways to more permissions that are for every resource, and passes those for named roles", () => {
    for (const action of [
      "iam:PassRole",
      "iam:CreateRole",
      "IAM:attachrolepolicy",
      "iam:PutRolePolicy",
      "sts:AssumeRole",
    ]) {
      for (const Resource of ["*", ["arn:aws:iam::123456789012:role/*"]]) {
        assertRefuses(
          examine(rolePolicy({ policy: document({ Action: action, Resource }) })),
          `allows ${action} on every resource (policy)`,
          "Name the roles or policies in Resource",
        );
      }
    }
    for (const part of ["role/**", "role/?*", "rol*", "*/*", "policy/*"]) {
      const every = { Action: "iam:PassRole", Resource: `arn:aws:iam::123456789012:${part}` };
      assertRefuses(examine(rolePolicy({ policy: document(every) })), "on every resource");
    }
    for (const name of ["training", "training-*", "*-training"]) {
      const some = { Action: "iam:PassRole", Resource: `arn:aws:iam::*:role/${name}` };
      assertPasses(examine(rolePolicy({ policy: document(some) })));
    }
    const one = { Action: "iam:PassRole", Resource: "arn:aws:iam::123456789012:role/training" };
    assertPasses(examine(rolePolicy({ policy: document(one) })));
    assertPasses(examine(rolePolicy({ policy: document({ Action: ["iam:GetRole", "iam:ListRoles"] }) })));
  });

  it("refuses everything but some actions", () => {
    assertRefuses(
      examine(rolePolicy({ policy: document({ NotAction: "iam:*" }) })),
      "allows everything but some actions",
      "NotAction is not allowed",
    );
  });

  it("asks nothing of what is denied", () => {
    assertPasses(examine(rolePolicy({ policy: document({ Action: "*" }, "Deny") })));
  });

  it("looks at a policy of its own where it is attached to the role, and at no other", () => {
    const policy = iam("Policy", "shared", { policy: wildcard, arn: "arn:aws:iam::1:policy/shared" });
    assertPasses(examine(policy));
    const attached = iam(
      "RolePolicyAttachment",
      "a",
      { role: "training", policyArn: unknown.text },
      { policyArn: "shared" },
    );
    const byArn = attachment("arn:aws:iam::1:policy/shared");
    const inRole = {
      ...role("other", { managedPolicyArns: ["x"] }),
      dependsOn: { managedPolicyArns: "shared" },
    };
    for (const attaching of [attached, byArn, inRole]) {
      const { violations } = examineStack(leastPrivilegeRole, [training, policy, attaching]);
      assert.match(violations.join(), /"shared" allows s3:\*/);
    }
    const others = iam(
      "RolePolicyAttachment",
      "a",
      { role: "builder", policyArn: "x" },
      { policyArn: "shared" },
    );
    assertPasses(examineStack(leastPrivilegeRole, [training, policy, others]));
  });

  it("refuses managed policies with full access, however they are attached", () => {
    const words = ["attaches the managed policy AmazonSageMakerFullAccess", "are not allowed"];
    assertRefuses(examine(attachment(fullAccess)), ...words);
    assertRefuses(examine(role("r1", { managedPolicyArns: [fullAccess] })), ...words);
    assertRefuses(
      examine(iam("PolicyAttachment", "attached", { roles: ["training"], policyArn: fullAccess })),
      ...words,
    );
    const exclusive = { roleName: "training", policyArns: [fullAccess] };
    assertRefuses(examine(iam("RolePolicyAttachmentsExclusive", "attached", exclusive)), ...words);
    for (const name of ["AdministratorAccess", "job-function/DataScientist"]) {
      assertRefuses(examine(attachment(`arn:aws:iam::aws:policy/${name}`)), name.split("/").pop() ?? "");
    }
    assertPasses(examine(attachment("arn:aws:iam::123456789012:policy/training-data")));
  });

  it("looks at the inline policies of a role that SageMaker assumes", () => {
    const inlinePolicies = [
      { name: "a", policy: exact },
      { name: "b", policy: wildcard },
    ];
    assertRefuses(examine(role("r2", { inlinePolicies })), "(inlinePolicies.1.policy)");
    assertPasses(examine(role("r3", {})));
  });

  it("looks at the roles and policies of aws-native", () => {
    const native = (props: object): StackResource => ({
      type: "aws-native:iam:Role",
      name: "native",
      props: {
        roleName: "native",
        assumeRolePolicyDocument: JSON.parse(trust("sagemaker.amazonaws.com")),
        ...props,
      },
    });
    const policies = [{ policyName: "a", policyDocument: JSON.parse(wildcard) }];
    assertRefuses(examine(native({ policies })), "(policies.0.policyDocument)");
    assertRefuses(examine(native({ managedPolicyArns: [fullAccess] })), "(managedPolicyArns.0)");
    const own: StackResource = {
      type: "aws-native:iam:RolePolicy",
      name: "own",
      props: { roleName: "native", policyDocument: JSON.parse(wildcard) },
    };
    assertRefuses(examineStack(leastPrivilegeRole, [native({}), own]), '"own" allows s3:*');
  });

  it("looks at what is given to the role that a job names, whoever made the role", () => {
    const policy = rolePolicy({ policy: wildcard });
    assertRefuses(examineStack(leastPrivilegeRole, [job, policy]), '"permissions" allows s3:*');
    const uses = {
      ...(jobKinds[1]?.job({ roleArn: unknown.text }) as StackResource),
      dependsOn: { roleArn: "other" },
    };
    const inlinePolicies = [{ name: "b", policy: wildcard }];
    const other = role("other", { inlinePolicies, assumeRolePolicy: unknown.text });
    assertRefuses(examineStack(leastPrivilegeRole, [other, uses]), '"other" allows s3:*');
  });

  it("leaves the roles of others alone, and what is given to them, in whichever order they come", () => {
    const inlinePolicies = [{ name: "b", policy: wildcard }];
    const builder = role("builder", { inlinePolicies }, "codebuild.amazonaws.com");
    const given = [
      rolePolicy({ role: "builder", policy: wildcard }),
      iam("RolePolicy", "by-reference", { role: unknown.text, policy: wildcard }, { role: "builder" }),
      iam("RolePolicyAttachment", "elsewhere", { role: "ecs-of-another-stack", policyArn: fullAccess }),
    ];
    for (const order of [
      [builder, ...given, training, job],
      [job, training, ...given, builder],
    ]) {
      assertPasses(examineStack(leastPrivilegeRole, order));
    }
  });

  it("holds to its configuration", () => {
    const policy = rolePolicy({ policy: wildcard });
    assertPasses(examine(policy, { allowedWildcardActions: ["s3:*"] }));
    assertRefuses(examine(policy, { allowedWildcardActions: ["s3:Get*"] }));
    assertPasses(examine(policy, { exemptNames: ["perm*"] }));
    assertPasses(examine(attachment(fullAccess), { forbiddenManagedPolicies: ["Other"] }));
  });

  it("says that it could not look at a value which is not known yet", () => {
    assertUnseen(examine(rolePolicy({ policy: unknown.text })), '"permissions": policy');
    assertUnseen(examine(rolePolicy({ role: unknown.text, policy: wildcard })), "role");
    assertUnseen(
      examineStack(leastPrivilegeRole, [job, role("r4", { assumeRolePolicy: unknown.text })]),
      "assumeRolePolicy",
    );
  });
});
