import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from "@smithy/types";
import { expanded } from "./profile";
import { type AssumeRole, type AwsSettings, roleSeconds, type WebIdentity } from "./settings";

/** Settings of the clients that fetch credentials: the region and the endpoint of STS, and the way there. */
export interface StsConfig {
  region: string;
  endpoint?: string;
  useFipsEndpoint?: boolean;
  useDualstackEndpoint?: boolean;
  requestHandler: object;
}

type Credentials = AwsCredentialIdentity | AwsCredentialIdentityProvider;

const SESSION_NAME = "pulumi-training";
const nothing = () => {};
const SILENT = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
const providers = () =>
  require("@aws-sdk/credential-providers") as typeof import("@aws-sdk/credential-providers");

/**
 * Credentials in the order in which the AWS provider looks for them: the configuration's keys, its web identity, its profile, the
 * environment's keys, and then what the SDK finds (undefined); and on top of them the roles. They are providers, not values, so that they
 * are refreshed during a job that outlives them.
 */
export function credentialsOf(settings: AwsSettings, sts: StsConfig): Credentials | undefined {
  return settings.roles.reduce<Credentials | undefined>(
    (source, role) => assumed(role, source, sts),
    ownCredentials(settings, sts),
  );
}

function ownCredentials(settings: AwsSettings, sts: StsConfig): Credentials | undefined {
  const { keys, webIdentity, profile, configFile, credentialsFile } = settings;
  if (keys) return keys;
  if (webIdentity) return ofWebIdentity(webIdentity, sts);
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_PROFILE } = process.env;
  // The SDK would prefer AWS_PROFILE to the keys; the AWS provider does not.
  if (!profile && AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY) {
    return AWS_PROFILE ? async () => await providers().fromEnv()() : undefined;
  }
  if (!profile && !configFile && !credentialsFile) return undefined;
  return providers().fromNodeProviderChain({
    profile,
    ...(configFile ? { configFilepath: expanded(configFile) } : {}),
    ...(credentialsFile ? { filepath: expanded(credentialsFile) } : {}),
    clientConfig: sts,
    logger: SILENT, // it warns of keys beside AWS_PROFILE, though that is not what counts here
  });
}

function assumed(role: AssumeRole, source: Credentials | undefined, sts: StsConfig): Credentials {
  return providers().fromTemporaryCredentials({
    masterCredentials: source,
    clientConfig: sts,
    params: {
      RoleArn: role.roleArn,
      RoleSessionName: role.sessionName ?? SESSION_NAME,
      ExternalId: role.externalId,
      Policy: role.policy,
      PolicyArns: role.policyArns?.map((arn) => ({ arn })),
      DurationSeconds: roleSeconds(role),
      SourceIdentity: role.sourceIdentity,
      Tags: role.tags && Object.entries(role.tags).map(([Key, Value]) => ({ Key, Value })),
      TransitiveTagKeys: role.transitiveTagKeys,
    },
  });
}

/** The file is read for each session, as whoever writes it renews it. */
function ofWebIdentity(identity: WebIdentity, sts: StsConfig): Credentials {
  return async () => {
    const { webIdentityToken, webIdentityTokenFile = "" } = identity;
    const { readFile } = require("node:fs/promises") as typeof import("node:fs/promises");
    return providers().fromWebToken({
      roleArn: identity.roleArn,
      roleSessionName: identity.sessionName ?? SESSION_NAME,
      webIdentityToken: webIdentityToken ?? (await readFile(expanded(webIdentityTokenFile), "utf8")).trim(),
      policy: identity.policy,
      policyArns: identity.policyArns?.map((arn) => ({ arn })),
      durationSeconds: roleSeconds(identity),
      clientConfig: sts,
    })();
  };
}
