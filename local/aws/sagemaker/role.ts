import { GetRoleCommand, type IAMClient } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, type STSClient } from "@aws-sdk/client-sts";
import type { Credentials } from "../clients.ts";
import type { SpreadingMessage } from "../faults/schema.ts";
import { validationError } from "./errors.ts";
import { locate, noObjects, notAllowed } from "./locations.ts";
import type { TrainingJobRequest } from "./record.ts";

const service = "sagemaker.amazonaws.com";

/** Throws SageMaker's own answer unless the role exists and lets SageMaker assume it. Resolves with its creation, in milliseconds. */
export async function checkRole(iam: IAMClient, roleArn: string): Promise<number> {
  const refused = validationError(notAssumed(roleArn));
  const name = roleArn.split("/").at(-1) as string;
  let role: { Arn?: string; AssumeRolePolicyDocument?: string; CreateDate?: Date } | undefined;
  try {
    role = (await iam.send(new GetRoleCommand({ RoleName: name }))).Role;
  } catch (error) {
    if ((error as Error).name === "NoSuchEntityException" || (error as Error).name === "NoSuchEntity")
      throw refused;
    throw error;
  }
  if (role?.Arn !== roleArn || !trustsSageMaker(role.AssumeRolePolicyDocument ?? "")) throw refused;
  return role.CreateDate?.getTime() ?? 0;
}

/** Answers as SageMaker does while a new role, or its policies, have not reached all of AWS. */
export function refuseSpreading(
  message: SpreadingMessage,
  request: TrainingJobRequest,
  region: string,
): never {
  const uri = request.InputDataConfig?.[0]?.DataSource?.S3DataSource?.S3Uri ?? "s3://bucket/prefix";
  const { bucket } = locate("InputDataConfig", uri);
  const output = locate("OutputDataConfig", request.OutputDataConfig?.S3OutputPath ?? uri).bucket;
  const image = request.AlgorithmSpecification?.TrainingImage;
  const texts: Record<SpreadingMessage, string> = {
    "could not assume role": notAssumed(request.RoleArn),
    "no identity-based policy allows": notAllowed(request.RoleArn, bucket),
    "no S3 objects found": noObjects(uri, bucket, request.RoleArn, region),
    "unauthorized to list": `Unauthorized to List objects under S3 URL: ${uri}. Please ensure that the role "${request.RoleArn}" has "s3:ListBucket" permissions.`,
    "access denied to output": `Access denied to OutputDataConfig S3 bucket: ${output}`,
    "access denied for repository": `Access denied for repository: ${image?.split("/").slice(1).join("/").split(":")[0]} in registry ID: ${image?.split(".")[0]}.`,
    "access denied to hub content": `Access denied to hub content of training job ${request.TrainingJobName}`,
  };
  throw validationError(texts[message]);
}

const notAssumed = (roleArn: string): string =>
  `Could not assume role ${roleArn}. Please ensure that the role exists and allows principal '${service}' to assume the role.`;

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

/**
 * A training job lasts 28 days at most (MaxRuntimeInSeconds, and MaxWaitTimeInSeconds, of the service), its upload some more.
 * AWS gives out a role for 12 hours, and SageMaker renews it; the local STS gives what it is asked for.
 */
const sessionSeconds = 60 * 24 * 3600;

/** The role's credentials for a job and for the upload of its model. */
export async function assumeRole(sts: STSClient, roleArn: string, jobName: string): Promise<Credentials> {
  const answer = await sts.send(
    new AssumeRoleCommand({
      RoleArn: roleArn,
      RoleSessionName: `SageMaker-${jobName}`.slice(0, 64),
      DurationSeconds: sessionSeconds,
    }),
  );
  return {
    accessKeyId: answer.Credentials?.AccessKeyId ?? "",
    secretAccessKey: answer.Credentials?.SecretAccessKey ?? "",
    sessionToken: answer.Credentials?.SessionToken,
  };
}
