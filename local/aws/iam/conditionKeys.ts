/** Condition keys of IAM and what a request says for them; a key that the request says nothing for is absent. */
export type ConditionContext = Record<string, string | string[]>;

interface Instances {
  InstanceType?: string;
}

/** The parts of SageMaker's training requests that IAM has condition keys for. */
interface TrainingRequest {
  TrainingJobName?: string;
  ResourceConfig?: Instances & {
    InstanceGroups?: Instances[];
    InstancePreferences?: Instances[];
    KeepAlivePeriodInSeconds?: number;
    VolumeKmsKeyId?: string;
  };
  StoppingCondition?: { MaxRuntimeInSeconds?: number };
  OutputDataConfig?: { KmsKeyId?: string };
  VpcConfig?: { Subnets?: string[]; SecurityGroupIds?: string[] };
  EnableNetworkIsolation?: boolean;
  EnableInterContainerTrafficEncryption?: boolean;
  RemoteDebugConfig?: { EnableRemoteDebug?: boolean };
  Tags?: { Key: string; Value: string }[];
}

/** Condition keys of CreateTrainingJob and UpdateTrainingJob, as in the Service Authorization Reference of SageMaker. */
export function conditionContext(operation: string, input: object): ConditionContext {
  if (operation !== "CreateTrainingJob" && operation !== "UpdateTrainingJob") return {};
  const request = input as TrainingRequest;
  const resources = request.ResourceConfig ?? {};
  const instances = [
    resources,
    ...(resources.InstanceGroups ?? []),
    ...(resources.InstancePreferences ?? []),
  ];
  const types = instances.flatMap(({ InstanceType: type }) => (type ? [type] : []));
  const tags = request.Tags ?? [];
  const isNew = operation === "CreateTrainingJob";
  return present({
    "sagemaker:InstanceTypes": nonEmpty(types),
    "sagemaker:MaxRuntimeInSeconds": text(request.StoppingCondition?.MaxRuntimeInSeconds),
    "sagemaker:KeepAlivePeriod": text(resources.KeepAlivePeriodInSeconds),
    "sagemaker:VolumeKmsKey": resources.VolumeKmsKeyId,
    "sagemaker:OutputKmsKey": request.OutputDataConfig?.KmsKeyId,
    "sagemaker:VpcSubnets": nonEmpty(request.VpcConfig?.Subnets),
    "sagemaker:VpcSecurityGroupIds": nonEmpty(request.VpcConfig?.SecurityGroupIds),
    "sagemaker:NetworkIsolation": isNew ? String(request.EnableNetworkIsolation ?? false) : undefined,
    "sagemaker:InterContainerTrafficEncryption": isNew
      ? String(request.EnableInterContainerTrafficEncryption ?? false)
      : undefined,
    "sagemaker:EnableRemoteDebug": text(request.RemoteDebugConfig?.EnableRemoteDebug),
    "aws:TagKeys": nonEmpty(tags.map(({ Key }) => Key)),
    ...Object.fromEntries(tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
  });
}

/** What names the resource of an operation. An endpoint comes before its configuration, a configuration before its model. */
const resourceNames = [
  ["TrainingJobName", "training-job"],
  ["EndpointName", "endpoint"],
  ["EndpointConfigName", "endpoint-config"],
  ["ModelName", "model"],
] as const;

/** The ARN that IAM checks an operation against; `*` where the operation names no resource. */
export function resourceArn(region: string, account: string, input: object): string {
  const named = input as Record<string, string | undefined>;
  if (named.ResourceArn !== undefined) return named.ResourceArn;
  const [member, kind] = resourceNames.find(([each]) => named[each]) ?? [];
  return member ? `arn:aws:sagemaker:${region}:${account}:${kind}/${named[member]}` : "*";
}

/** The ARN of the log group or stream that a request names; `*` where it names none. */
export function logArn(region: string, account: string, input: object): string {
  const named = input as Record<string, string | undefined>;
  const arn = named.resourceArn ?? named.resourceIdentifier;
  if (arn !== undefined) return arn;
  const group = named.logGroupName ?? named.logGroupIdentifier;
  if (group === undefined) return "*";
  const base = group.startsWith("arn:") ? group : `arn:aws:logs:${region}:${account}:log-group:${group}`;
  return named.logStreamName === undefined ? `${base}:*` : `${base}:log-stream:${named.logStreamName}`;
}

function present(context: Record<string, string | string[] | undefined>): ConditionContext {
  return Object.fromEntries(
    Object.entries(context).filter((entry): entry is [string, string | string[]] => entry[1] !== undefined),
  );
}

const nonEmpty = (values: string[] | undefined) => (values?.length ? values : undefined);
const text = (value: number | boolean | undefined) => (value === undefined ? undefined : String(value));
