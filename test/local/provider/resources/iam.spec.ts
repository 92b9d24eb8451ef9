import assert from "node:assert/strict";
import { role } from "../../../../local/provider/resources/iam/role.ts";
import { rolePolicy } from "../../../../local/provider/resources/iam/rolePolicy.ts";
import { awsError, fakeAws, inputsOf } from "../support/fakeAws.ts";

const arns = (...names: string[]) => names.map((name) => `arn:aws:iam::aws:policy/${name}`);
const attachedPolicies = (...names: string[]) => ({
  "iam.listAttachedRolePolicies": { AttachedPolicies: arns(...names).map((PolicyArn) => ({ PolicyArn })) },
});

describe("aws.iam.Role", () => {
  it("decodes the trust policy and hides tags of AWS's own", async () => {
    const Role = {
      RoleName: "r",
      AssumeRolePolicyDocument: encodeURIComponent('{"a":"ü"}'),
      CreateDate: new Date("2030-01-02T03:04:05.678Z"),
      Tags: [
        { Key: "a", Value: "1" },
        { Key: "aws:x", Value: "2" },
      ],
    };
    const read = await role.read(fakeAws({ "iam.getRole": { Role } }), "r", {});
    assert.equal(read?.assumeRolePolicy, '{"a":"ü"}');
    assert.equal(read?.createDate, "2030-01-02T03:04:05Z");
    assert.deepEqual(read?.tags, { a: "1" });
    assert.deepEqual([read?.managedPolicyArns, read?.inlinePolicies], [[], []]);
  });

  it("attaches and detaches exactly the difference", async () => {
    const aws = fakeAws(attachedPolicies("A", "B"));
    const news = { managedPolicyArns: arns("B", "C") };
    const changed = (...names: string[]) => names.includes("managedPolicyArns");
    await role.update?.(aws, "r", { olds: {}, news, changed });
    assert.deepEqual(inputsOf(aws, "iam.attachRolePolicy"), [{ RoleName: "r", PolicyArn: arns("C")[0] }]);
    assert.deepEqual(inputsOf(aws, "iam.detachRolePolicy"), [{ RoleName: "r", PolicyArn: arns("A")[0] }]);
  });

  it("reports policies that others attached or put into it", async () => {
    const PolicyDocument = encodeURIComponent('{"Statement":[],"Version":"2012-10-17"}');
    const aws = fakeAws({
      "iam.getRole": { Role: {} },
      ...attachedPolicies("A"),
      "iam.listRolePolicies": { PolicyNames: ["p"] },
      "iam.getRolePolicy": { PolicyDocument },
    });
    const read = await role.read(aws, "r", {});
    assert.deepEqual(read?.managedPolicyArns, arns("A"));
    const policy = '{"Version":"2012-10-17","Statement":[]}';
    assert.deepEqual(read?.inlinePolicies, [{ name: "p", policy }]);
  });

  it("leaves attachments alone that it does not manage", async () => {
    const aws = fakeAws(attachedPolicies("A"));
    await role.configure?.(aws, "r", {});
    await role.delete(aws, "r", { forceDetachPolicies: false });
    assert.deepEqual(
      aws.calls.map((call) => call.operation),
      ["iam.deleteRole"],
    );
  });

  it("reports attached policies in the program's order", async () => {
    const aws = fakeAws({ "iam.getRole": { Role: {} }, ...attachedPolicies("B", "X", "A") });
    const read = await role.read(aws, "r", { managedPolicyArns: arns("A", "B") });
    assert.deepEqual(read?.managedPolicyArns, arns("A", "B", "X"));
  });

  it("detaches and deletes everything when told to", async () => {
    const aws = fakeAws({ ...attachedPolicies("A"), "iam.listRolePolicies": { PolicyNames: ["inline"] } });
    await role.delete(aws, "r", { forceDetachPolicies: true });
    assert.deepEqual(
      aws.calls.map((call) => call.operation).filter((operation) => !operation.includes("list")),
      ["iam.detachRolePolicy", "iam.deleteRolePolicy", "iam.deleteRole"],
    );
  });

  it("is gone already: no error", async () => {
    const gone = awsError("NoSuchEntity");
    const aws = fakeAws({
      "iam.listAttachedRolePolicies": gone,
      "iam.listRolePolicies": gone,
      "iam.deleteRole": gone,
      "iam.getRole": gone,
    });
    await role.delete(aws, "r", { forceDetachPolicies: true });
    assert.equal(await role.read(aws, "r", {}), undefined);
  });

  it("removes tags and the boundary that the program no longer has", async () => {
    const aws = fakeAws();
    const olds = { tags: { a: "1", b: "2" }, permissionsBoundary: "arn" };
    const changed = (...names: string[]) =>
      names.some((name) => ["tags", "permissionsBoundary"].includes(name));
    await role.update?.(aws, "r", { olds, news: { tags: { b: "2" } }, changed });
    assert.deepEqual(inputsOf(aws, "iam.untagRole"), [{ RoleName: "r", TagKeys: ["a"] }]);
    assert.deepEqual(inputsOf(aws, "iam.deleteRolePermissionsBoundary"), [{ RoleName: "r" }]);
  });
});

describe("aws.iam.RolePolicy", () => {
  it("is known by role and name", async () => {
    const PolicyDocument = encodeURIComponent('{"b":2}');
    const aws = fakeAws({ "iam.getRolePolicy": { PolicyDocument } });
    assert.equal(await rolePolicy.create(aws, { role: "r", name: "p", policy: "{}" }), "r:p");
    assert.deepEqual(await rolePolicy.read(aws, "r:p", {}), { role: "r", name: "p", policy: '{"b":2}' });
    await rolePolicy.delete(aws, "r:p", {});
    assert.deepEqual(inputsOf(aws, "iam.deleteRolePolicy"), [{ RoleName: "r", PolicyName: "p" }]);
  });
});
