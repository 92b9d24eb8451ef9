import type { SageMakerClientConfig } from "@aws-sdk/client-sagemaker";
import { durationSeconds } from "../args/duration";

/**
 * Without these a call over a connection that died silently (a laptop that slept, another network) waits for ever: the SDK has no limit
 * of its own. Milliseconds to connect, to the answer, and without a byte.
 */
const TIMEOUTS = {
  connectionTimeout: 10_000,
  requestTimeout: 30_000,
  socketTimeout: 30_000,
  throwOnRequestTimeout: true,
};

/** Where and as whom to call AWS: what the stack's `aws:` configuration says, as for every other aws resource. */
export interface AwsSession {
  region: string;
  /** Settings for an AWS SDK v3 client of one service. */
  clientConfig(service: string): Pick<
    SageMakerClientConfig,
    "region" | "credentials" | "endpoint" | "maxAttempts"
  > & {
    requestHandler: typeof TIMEOUTS;
  };
}

interface AssumeRole {
  roleArn?: string;
  sessionName?: string;
  externalId?: string;
  policy?: string;
  policyArns?: string[];
  /** A Go duration such as "1h". */
  duration?: string;
  sourceIdentity?: string;
  tags?: Record<string, string>;
  transitiveTagKeys?: string[];
}

/** Reads one key of the stack's configuration, such as `aws:region`; structured values are JSON. */
export type ConfigReader = (key: string) => string | undefined;

/**
 * Follows `aws:region`, `aws:profile`, `aws:accessKey` with `aws:secretKey` and `aws:token`, `aws:assumeRole(s)` and
 * `aws:endpoints`; what is not set comes from the environment, the shared files or the instance, as in every AWS SDK.
 * Credentials are providers, not values, so they are refreshed during a job that outlives them.
 */
export function awsSession(config: ConfigReader, region: string | undefined): AwsSession {
  const where = region ?? config("aws:region") ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
  if (!where) {
    throw new Error("No AWS region: set it with `pulumi config set aws:region us-east-1`, or AWS_REGION.");
  }
  const endpoints = readEndpoints(config);
  const credentials = readCredentials(config, where, endpoints.sts);
  return {
    region: where,
    clientConfig: (service) => ({
      region: where,
      requestHandler: { ...TIMEOUTS },
      maxAttempts: 1, // retries are made one level up, where the deployment can be cancelled
      ...(credentials ? { credentials } : {}),
      ...(endpoints[service] ? { endpoint: endpoints[service] } : {}),
    }),
  };
}

function readCredentials(
  config: ConfigReader,
  region: string,
  sts: string | undefined,
): SageMakerClientConfig["credentials"] {
  const providers = () =>
    require("@aws-sdk/credential-providers") as typeof import("@aws-sdk/credential-providers");
  const accessKeyId = config("aws:accessKey");
  const secretAccessKey = config("aws:secretKey");
  const profile = config("aws:profile");
  let credentials: SageMakerClientConfig["credentials"];
  if (accessKeyId && secretAccessKey) {
    credentials = {
      accessKeyId,
      secretAccessKey,
      sessionToken: config("aws:token"),
    };
  } else if (profile) {
    credentials = providers().fromNodeProviderChain({ profile });
  }
  for (const role of readRoles(config)) {
    credentials = providers().fromTemporaryCredentials({
      masterCredentials: credentials,
      clientConfig: { region, requestHandler: { ...TIMEOUTS }, ...(sts ? { endpoint: sts } : {}) },
      params: {
        RoleArn: role.roleArn,
        RoleSessionName: role.sessionName ?? "pulumi-training",
        ExternalId: role.externalId,
        Policy: role.policy,
        PolicyArns: role.policyArns?.map((arn) => ({ arn })),
        DurationSeconds: durationSeconds(role.duration),
        SourceIdentity: role.sourceIdentity,
        Tags: role.tags && Object.entries(role.tags).map(([Key, Value]) => ({ Key, Value })),
        TransitiveTagKeys: role.transitiveTagKeys,
      },
    });
  }
  return credentials;
}

/** `aws:assumeRoles` is a chain: each role is assumed with the credentials of the one before. */
function readRoles(config: ConfigReader): AssumeRole[] {
  const chain = parse<AssumeRole[] | AssumeRole>(config("aws:assumeRoles") ?? config("aws:assumeRole"));
  return (Array.isArray(chain) ? chain : chain ? [chain] : []).filter((role) => role.roleArn);
}

function readEndpoints(config: ConfigReader): Record<string, string> {
  const list = parse<Record<string, string>[] | Record<string, string>>(config("aws:endpoints"));
  const [first = {}] = Array.isArray(list) ? list : list ? [list] : [];
  return { ...first, logs: first.cloudwatchlogs ?? first.logs };
}

function parse<T>(json: string | undefined): T | undefined {
  return json ? (JSON.parse(json) as T) : undefined;
}
