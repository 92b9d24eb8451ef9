import type { PolicyResource } from "@pulumi/policy";
import { statementsOf } from "../lib/policyDocument";
import { pathsAt, textAt, valueAt } from "../lib/properties";
import { refersTo } from "../lib/refersTo";
import type { Unknowns } from "../lib/unknowns";
import { specsOf, trainingAndServing } from "../training/scope";
import { attachingProperty, roleProperty } from "./grants";

/** Roles, with the properties that hold their name and their trust policy. */
const roleTypes: Readonly<Record<string, { name: string; trust: string }>> = {
  "aws:iam/role:Role": { name: "name", trust: "assumeRolePolicy" },
  "aws-native:iam:Role": { name: "roleName", trust: "assumeRolePolicyDocument" },
};

const policyTypes = ["aws:iam/policy:Policy", "aws-native:iam:ManagedPolicy"];

/**
 * The resources of a stack that give permissions to training: roles that SageMaker assumes or that training names, what is given to these by
 * name, and the policies attached to them. What roles of others may do is not this pack's business.
 */
export function grantsToTraining(resources: readonly PolicyResource[], unknowns: Unknowns): PolicyResource[] {
  const users = trainingAndServing(resources);
  const roles = resources.filter((role) => isTrainingRole(role, users, unknowns));
  const names = new Set(users.flatMap(namedRoles));
  const given = resources.filter((resource) => {
    const property = roleProperty(resource);
    return property !== undefined && isGivenTo(resource, property, roles, names, unknowns);
  });
  const granting = [...roles, ...given];
  return [
    ...granting,
    ...resources.filter(
      (policy) =>
        policyTypes.includes(policy.type) &&
        !granting.includes(policy) &&
        granting.some((each) => attaches(each, policy)),
    ),
  ];
}

function isTrainingRole(role: PolicyResource, users: readonly PolicyResource[], unknowns: Unknowns): boolean {
  const properties = roleTypes[role.type];
  if (properties === undefined) return false;
  if (
    users.some((user) =>
      Object.values(user.propertyDependencies)
        .flat()
        .some(({ urn }) => urn === role.urn),
    )
  ) {
    return true;
  }
  let trusts = false;
  const look = () => {
    const statements = statementsOf(valueAt(role.props, properties.trust));
    const principals = statements.flatMap((statement) => statement.principals);
    // Whoever trusts everybody trusts SageMaker too, where there is something to train with it.
    const anybody = users.length > 0 && principals.includes("*");
    // No role is without a trust policy: one that is not to be seen may trust SageMaker.
    trusts = statements.length === 0 || anybody || principals.includes("sagemaker.amazonaws.com");
  };
  if (users.length > 0) unknowns.look(look, `role "${role.name}": `);
  else quietly(look);
  return trusts;
}

/** A stack in which nothing trains is not told what it cannot be asked yet. */
function quietly(look: () => void): void {
  try {
    look();
  } catch {}
}

/** The names of the roles that a resource trains with, where they are written in it. */
function namedRoles(user: PolicyResource): string[] {
  const names: string[] = [];
  for (const read of [
    () => textAt(user.props, "roleArn"),
    ...specsOf(user).map((spec) => () => spec.role()),
  ]) {
    quietly(() => {
      const name = read()?.split("/").pop();
      if (name !== undefined) names.push(name);
    });
  }
  return names;
}

function isGivenTo(
  resource: PolicyResource,
  property: string,
  roles: readonly PolicyResource[],
  names: ReadonlySet<string>,
  unknowns: Unknowns,
): boolean {
  if (roles.some((role) => refersTo(resource, property, role, roleTypes[role.type]?.name ?? ""))) return true;
  let given = false;
  const roleNames = new Set(names);
  const sources = resource.propertyDependencies[property] ?? [];
  const look = () => {
    for (const role of roles)
      quietly(() => roleNames.add(textAt(role.props, roleTypes[role.type]?.name ?? "") ?? ""));
    const isList = Array.isArray(valueAt(resource.props, property));
    const paths = isList ? pathsAt(resource.props, property) : [property];
    const list = paths.map((path) => textAt(resource.props, path));
    given = list.some((name) => name !== undefined && roleNames.has(name));
  };
  // A name that comes from a role of others is not looked at, known or not.
  const isOthers = sources.some(({ type }) => type in roleTypes);
  if (roleNames.size === 0 && roles.length === 0) return false;
  if (isOthers) quietly(look);
  else unknowns.look(look, `"${resource.name}": `);
  return given;
}

function attaches(granting: PolicyResource, policy: PolicyResource): boolean {
  const property = attachingProperty(granting);
  if (property === undefined) return false;
  if ((granting.propertyDependencies[property] ?? []).some(({ urn }) => urn === policy.urn)) return true;
  let same = false;
  quietly(() => {
    const arn = textAt(policy.props, "arn") ?? textAt(policy.props, "policyArn");
    const attached = valueAt(granting.props, property);
    same = arn !== undefined && [attached].flat().includes(arn);
  });
  return same;
}
