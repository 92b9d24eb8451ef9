import { GetRoleCommand, type IAMClient } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, type STSClient } from "@aws-sdk/client-sts";
import type { Credentials } from "../clients.ts";
import { validationError } from "./errors.ts";

const service = "sagemaker.amazonaws.com";

/** Throws SageMaker's own answer unless the role exists and lets SageMaker assume it. */
export async function checkRole(iam: IAMClient, roleArn: string): Promise<void> {
  const refused = validationError(
    `Could not assume role ${roleArn}. Please ensure that the role exists and allows principal '${service}' to assume the role.`,
  );
  const name = roleArn.split("/").at(-1) as string;
  let role: { Arn?: string; AssumeRolePolicyDocument?: string } | undefined;
  try {
    role = (await iam.send(new GetRoleCommand({ RoleName: name }))).Role;
  } catch (error) {
    if ((error as Error).name === "NoSuchEntityException" || (error as Error).name === "NoSuchEntity")
      throw refused;
    throw error;
  }
  if (role?.Arn !== roleArn || !trustsSageMaker(role.AssumeRolePolicyDocument ?? "")) throw refused;
}

/** Whether a trust policy, plain or URL-encoded JSON, lets SageMaker's service principal assume the role. */
export function trustsSageMaker(document: string): boolean {
  let policy: { Statement?: unknown };
  try {
    policy = JSON.parse(document.startsWith("%") ? decodeURIComponent(document) : document);
  } catch {
    return false;
  }
  const statements = asList(policy.Statement) as Statement[];
  return (
    statements.some((statement) => statement.Effect === "Allow" && names(statement)) &&
    !statements.some((statement) => statement.Effect === "Deny" && names(statement))
  );
}

interface Statement {
  Effect?: string;
  Action?: string | string[];
  Principal?: string | { Service?: string | string[] };
}

function names(statement: Statement): boolean {
  const actions = asList(statement.Action);
  const principals =
    typeof statement.Principal === "string" ? [statement.Principal] : asList(statement.Principal?.Service);
  return (
    actions.some((action) => ["sts:AssumeRole", "sts:*", "*"].includes(String(action))) &&
    principals.some((principal) => principal === service || principal === "*")
  );
}

const asList = (value: unknown): unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** The role's credentials for a job: 12 hours, the longest a role can give. */
export async function assumeRole(sts: STSClient, roleArn: string, jobName: string): Promise<Credentials> {
  const answer = await sts.send(
    new AssumeRoleCommand({
      RoleArn: roleArn,
      RoleSessionName: `SageMaker-${jobName}`.slice(0, 64),
      DurationSeconds: 43_200,
    }),
  );
  return {
    accessKeyId: answer.Credentials?.AccessKeyId ?? "",
    secretAccessKey: answer.Credentials?.SecretAccessKey ?? "",
    sessionToken: answer.Credentials?.SessionToken,
  };
}
