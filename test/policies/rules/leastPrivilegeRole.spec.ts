import { leastPrivilegeRole } from "../../../policies/rules/leastPrivilegeRole";
import { examine } from "../support/examine";
import { assertNotApplicable, assertPasses, assertRefuses, assertUnseen } from "../support/expect";
import { unknown } from "../support/jobs";

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

function role(name: string, props: object, service = "sagemaker.amazonaws.com") {
  return { type: "aws:iam/role:Role", name, props: { name, assumeRolePolicy: trust(service), ...props } };
}

function rolePolicy(props: object) {
  return {
    type: "aws:iam/rolePolicy:RolePolicy",
    name: "permissions",
    props: { role: "training", ...props },
  };
}

function attachment(policyArn: string) {
  return {
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    name: "attached",
    props: { role: "training", policyArn },
  };
}

const fullAccess = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess";

describe("least-privilege-role", () => {
  it("passes a policy that lists its actions, as text or as an object", () => {
    assertPasses(examine(leastPrivilegeRole, rolePolicy({ policy: exact })));
    assertPasses(examine(leastPrivilegeRole, rolePolicy({ policy: JSON.parse(exact) })));
  });

  it("refuses a wildcard action, whatever part of it is one", () => {
    for (const action of ["*", "s3:*", "s3:Get*"]) {
      assertRefuses(
        examine(leastPrivilegeRole, rolePolicy({ policy: document({ Action: [action, "s3:PutObject"] }) })),
        `"permissions" allows ${action} (policy)`,
        "wildcard actions are not allowed",
        "List the actions that the training needs",
      );
    }
  });

  it("refuses everything but some actions", () => {
    assertRefuses(
      examine(leastPrivilegeRole, rolePolicy({ policy: document({ NotAction: "iam:*" }) })),
      "allows everything but some actions",
      "NotAction is not allowed",
    );
  });

  it("asks nothing of what is denied", () => {
    assertPasses(examine(leastPrivilegeRole, rolePolicy({ policy: document({ Action: "*" }, "Deny") })));
  });

  it("looks at a policy of its own, which may be attached to the role", () => {
    const policy = { type: "aws:iam/policy:Policy", name: "shared", props: { policy: wildcard } };
    assertRefuses(examine(leastPrivilegeRole, policy), '"shared" allows s3:*');
  });

  it("refuses managed policies with full access, however they are attached", () => {
    const words = ["attaches the managed policy AmazonSageMakerFullAccess", "are not allowed"];
    assertRefuses(examine(leastPrivilegeRole, attachment(fullAccess)), ...words);
    assertRefuses(examine(leastPrivilegeRole, role("r1", { managedPolicyArns: [fullAccess] })), ...words);
    assertRefuses(
      examine(leastPrivilegeRole, {
        type: "aws:iam/policyAttachment:PolicyAttachment",
        name: "attached",
        props: { roles: ["training"], policyArn: fullAccess },
      }),
      ...words,
    );
    assertRefuses(
      examine(leastPrivilegeRole, {
        type: "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
        name: "attached",
        props: { roleName: "training", policyArns: [fullAccess] },
      }),
      ...words,
    );
    assertRefuses(
      examine(leastPrivilegeRole, attachment("arn:aws:iam::aws:policy/AdministratorAccess")),
      "Administrator",
    );
    assertPasses(examine(leastPrivilegeRole, attachment("arn:aws:iam::123456789012:policy/training-data")));
  });

  it("looks at the inline policies of a role that SageMaker assumes", () => {
    const inlinePolicies = [
      { name: "a", policy: exact },
      { name: "b", policy: wildcard },
    ];
    assertRefuses(examine(leastPrivilegeRole, role("r2", { inlinePolicies })), "(inlinePolicies.1.policy)");
    assertPasses(examine(leastPrivilegeRole, role("r3", {})));
  });

  it("leaves the roles of others alone, and what is given to them", () => {
    const inlinePolicies = [{ name: "b", policy: wildcard }];
    assertPasses(examine(leastPrivilegeRole, role("builder", { inlinePolicies }, "codebuild.amazonaws.com")));
    assertPasses(examine(leastPrivilegeRole, rolePolicy({ role: "builder", policy: wildcard })));
    assertRefuses(examine(leastPrivilegeRole, rolePolicy({ role: "training", policy: wildcard })));
  });

  it("holds to its configuration", () => {
    const policy = rolePolicy({ policy: wildcard });
    assertPasses(examine(leastPrivilegeRole, policy, { allowedWildcardActions: ["s3:*"] }));
    assertRefuses(examine(leastPrivilegeRole, policy, { allowedWildcardActions: ["s3:Get*"] }));
    assertNotApplicable(examine(leastPrivilegeRole, policy, { exemptNames: ["perm*"] }), "no permissions");
    assertPasses(
      examine(leastPrivilegeRole, attachment(fullAccess), { forbiddenManagedPolicies: ["Other"] }),
    );
  });

  it("says that it could not look at a value which is not known yet", () => {
    assertUnseen(examine(leastPrivilegeRole, rolePolicy({ policy: unknown.text })), "policy");
    assertUnseen(examine(leastPrivilegeRole, rolePolicy({ role: unknown.text, policy: wildcard })), "role");
    assertPasses(examine(leastPrivilegeRole, rolePolicy({ role: unknown.text, policy: exact })));
    assertUnseen(
      examine(leastPrivilegeRole, role("r4", { assumeRolePolicy: unknown.text })),
      "assumeRolePolicy",
    );
  });

  it("has nothing to say of other resources", () => {
    assertNotApplicable(
      examine(leastPrivilegeRole, { type: "aws:iam/user:User", name: "u", props: {} }),
      "no permissions",
    );
  });
});
