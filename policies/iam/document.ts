import type { Policies } from "@pulumi/policy";
import { type PackConfig, settingsOf } from "../lib/settings";
import { checkValues } from "../lib/values";
import { type Denial, expressions } from "./expressions";

/** Characters that a service control policy may have, without white space (AWS Organizations quotas). */
const maxCharacters = 5_120;

export interface IamDocument {
  /** The policy: attach it as a service control policy, or to a role as an IAM policy. */
  policy: { Version: "2012-10-17"; Statement: Denial[] };
  /** What the policy does not do, a line for each rule. IAM takes no comments inside a policy. */
  comment: string[];
}

/**
 * What IAM can enforce of the rules that the configuration enforces. A denial with nothing beside it: as a service
 * control policy it needs `FullAWSAccess` next to it, as an IAM policy something that allows training.
 *
 * @param exempt ARNs of roles and users that the policy leaves alone, `*` for any characters: for emergencies
 */
export function iamDocument(rules: Policies, file: PackConfig, exempt: string[] = []): IamDocument {
  for (const arn of exempt) checkPrincipal(arn);
  const statements: Denial[] = [];
  const comment: string[] = [];
  for (const [name, { level, config }] of settingsOf(rules, file, checkValues)) {
    const expression = expressions[name];
    if (level !== "mandatory" && level !== "remediate") {
      comment.push(`${name}: left out, as it is ${level} in this configuration`);
      continue;
    }
    statements.push(...(expression?.denials?.(config) ?? []));
    if (expression?.remains !== undefined) {
      comment.push(`${name}: IAM cannot express ${expression.denials ? "" : "it: "}${expression.remains}`);
    }
  }
  const policy: IamDocument["policy"] = {
    Version: "2012-10-17",
    Statement: statements.map((each) => without(each, exempt)),
  };
  const characters = JSON.stringify(policy).length;
  if (characters > maxCharacters) {
    comment.push(
      `the policy has ${characters} characters, a service control policy at most ${maxCharacters}: split it`,
    );
  }
  return { policy, comment };
}

function checkPrincipal(arn: string): void {
  if (!/^arn:[a-z*-]+:iam::(\d{12}|\*):(role|user)\/.+$/.test(arn)) {
    throw new Error(`${arn} is not the ARN of a role or user, such as arn:aws:iam::*:role/platform-admin`);
  }
  if (arn.endsWith("/*")) throw new Error(`${arn} would exempt everybody: name the role or user`);
}

/** The denial for everybody but the exempt principals. */
function without(denial: Denial, exempt: string[]): Denial {
  const { Sid, Condition } = denial;
  // A denial without a condition would be one of every call.
  if (Object.values(Condition).every((keys) => Object.keys(keys).length === 0)) {
    throw new Error(`${Sid} has no condition`);
  }
  if (exempt.length === 0) return denial;
  const others = { ...Condition.ArnNotLike, "aws:PrincipalArn": exempt };
  return { ...denial, Condition: { ...Condition, ArnNotLike: others } };
}
