import type { S3ClientConfig } from "@aws-sdk/client-s3";
import { memoized, verifyAllowed } from "./account";
import { credentialsOf, type StsConfig } from "./credentials";
import { expanded, profileSettings } from "./profile";
import { proxiesOf, proxyAgent } from "./proxy";
import { type AwsSettings, awsSettings, type ConfigReader } from "./settings";

export type { ConfigReader } from "./settings";

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

/** Where, as whom and by which way to call AWS: what the `aws:` configuration says, as for every other aws resource. */
export interface AwsSession {
  region: string;
  /** Settings for an AWS SDK v3 client of one service. */
  clientConfig(service: string): ClientConfig;
  /**
   * The account of the credentials, asked for once (GetCallerIdentity, which needs no permission). Undefined where
   * `aws:skipRequestingAccountId` forbids to ask.
   */
  account(): Promise<string | undefined>;
  /** Throws when `aws:allowedAccountIds` or `aws:forbiddenAccountIds` excludes the account; asks for it only where one of them is set. */
  verifyAccount(): Promise<void>;
}

export type ClientConfig = Pick<
  S3ClientConfig,
  "credentials" | "endpoint" | "maxAttempts" | "forcePathStyle" | "useFipsEndpoint" | "useDualstackEndpoint"
> & { region: string; requestHandler: typeof TIMEOUTS };

/**
 * Follows the `aws:` configuration as the AWS provider does (settingKeys.ts lists every key of it); what it does not say comes from the
 * environment, the shared files or the instance. What cannot be followed is refused by name.
 */
export function awsSession(config: ConfigReader, region: string | undefined): AwsSession {
  const settings = awsSettings(config);
  useMetadataSettings(settings);
  const profile = once(() => profileSettings(settings));
  const where =
    region ?? settings.region ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? profile().region;
  if (!where) {
    throw new Error(
      "No AWS region: set it with `pulumi config set aws:region us-east-1`, AWS_REGION, or in the profile.",
    );
  }
  const requestHandler = handlerOptions(settings, () => profile().ca_bundle);
  const common = (service: string) => ({
    requestHandler: { ...requestHandler },
    ...(settings.endpoints[service]
      ? { endpoint: settings.endpoints[service] } // which FIPS and dual-stack endpoints exclude
      : {
          ...(settings.useFipsEndpoint ? { useFipsEndpoint: true } : {}),
          ...(settings.useDualstackEndpoint ? { useDualstackEndpoint: true } : {}),
        }),
  });
  const sts: StsConfig = { region: settings.stsRegion ?? where, ...common("sts") };
  const credentials = credentialsOf(settings, sts);
  const identity = memoized(() => callerAccount({ ...sts, ...(credentials ? { credentials } : {}) }));
  return {
    region: where,
    clientConfig: (service) => ({
      region: where,
      maxAttempts: 1, // retries are made one level up, where the deployment can be cancelled
      ...common(service),
      ...(credentials ? { credentials } : {}),
      ...(service === "s3" && settings.s3UsePathStyle ? { forcePathStyle: true } : {}),
    }),
    account: async () => (settings.skipRequestingAccountId ? undefined : await identity()),
    verifyAccount: () => verifyAllowed(settings, identity),
  };
}

async function callerAccount(config: object): Promise<string> {
  const { GetCallerIdentityCommand, STSClient } =
    require("@aws-sdk/client-sts") as typeof import("@aws-sdk/client-sts");
  const client = new STSClient({ ...config, maxAttempts: 1 });
  const { withRetries } = require("./retries") as typeof import("./retries");
  try {
    const { Account } = await withRetries(() => client.send(new GetCallerIdentityCommand({})));
    return Account ?? "";
  } finally {
    client.destroy();
  }
}

/** Agents only where something asks for them: the SDK's own are good for the rest. */
function handlerOptions(settings: AwsSettings, profileBundle: () => string | undefined): typeof TIMEOUTS {
  const { readFileSync } = require("node:fs") as typeof import("node:fs");
  const bundle = settings.caBundle ?? profileBundle();
  const tls = {
    ...(bundle ? { ca: readFileSync(expanded(bundle)) } : {}),
    ...(settings.insecure ? { rejectUnauthorized: false } : {}),
  };
  const proxies = proxiesOf(settings);
  if (proxies.http || proxies.https) {
    const agent = proxyAgent(proxies, tls);
    return Object.assign({ ...TIMEOUTS }, { httpAgent: agent, httpsAgent: agent });
  }
  return Object.keys(tls).length > 0 ? Object.assign({ ...TIMEOUTS }, { httpsAgent: tls }) : { ...TIMEOUTS };
}

/** The SDK takes these of the instance's metadata from the environment only. A process has one instance, whoever asks. */
function useMetadataSettings(settings: AwsSettings): void {
  const { metadataDisabled, metadataEndpoint, metadataEndpointMode } = settings;
  if (metadataDisabled !== undefined) process.env.AWS_EC2_METADATA_DISABLED = String(metadataDisabled);
  if (metadataEndpoint) process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT = metadataEndpoint;
  if (metadataEndpointMode) process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE = metadataEndpointMode;
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
