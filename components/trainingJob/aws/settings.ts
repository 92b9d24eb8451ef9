import { type Duration, durationSeconds } from "../args/duration";
import { ENDPOINT_NAMES, type SettingKey } from "./settingKeys";

/** Reads one key of the stack's configuration, such as `aws:region`; structured values are JSON. */
export type ConfigReader = (key: string) => string | undefined;

/** A role to assume, as `aws:assumeRoles` has it. */
export interface AssumeRole {
  roleArn?: string;
  sessionName?: string;
  externalId?: string;
  policy?: string;
  policyArns?: string[];
  /** A Go duration such as "1h". */
  duration?: Duration;
  sourceIdentity?: string;
  tags?: Record<string, string>;
  transitiveTagKeys?: string[];
}

/** A role to assume with a token of an identity provider; the token itself or a file, which is read again for each session. */
export interface WebIdentity {
  roleArn: string;
  sessionName?: string;
  policy?: string;
  policyArns?: string[];
  duration?: Duration;
  webIdentityToken?: string;
  webIdentityTokenFile?: string;
}

/** What the `aws:` configuration says of who calls AWS, where, and by which way; what it does not say is undefined, false or empty. */
export interface AwsSettings {
  region?: string;
  profile?: string;
  keys?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /** A chain: each role is assumed with the credentials of the one before. */
  roles: AssumeRole[];
  webIdentity?: WebIdentity;
  allowedAccountIds: string[];
  forbiddenAccountIds: string[];
  skipRequestingAccountId: boolean;
  /** By the SDK's name of the service. */
  endpoints: Record<string, string>;
  configFile?: string;
  credentialsFile?: string;
  /** URLs; the empty text means none, whatever the environment says. */
  httpProxy?: string;
  httpsProxy?: string;
  noProxy?: string;
  /** Path of a file of certificates. */
  caBundle?: string;
  insecure: boolean;
  s3UsePathStyle: boolean;
  useFipsEndpoint: boolean;
  useDualstackEndpoint: boolean;
  stsRegion?: string;
  /** Undefined: as the environment says. */
  metadataDisabled?: boolean;
  metadataEndpoint?: string;
  metadataEndpointMode?: string;
}

/** Reads the configuration. What cannot be followed is refused, all of it at once, each key by its name and with what to do. */
export function awsSettings(config: ConfigReader): AwsSettings {
  const text = (key: SettingKey) => config(`aws:${key}`);
  const flag = (key: SettingKey) => text(key) === "true";
  const list = <T>(key: SettingKey): T[] => listOf<T>(parsed(`aws:${key}`, text(key)));
  const refused: string[] = [];
  const refuse = (reason: string | false | undefined) => reason && refused.push(reason);

  const [accessKeyId, secretAccessKey, sessionToken] = [text("accessKey"), text("secretKey"), text("token")];
  if (!accessKeyId !== !secretAccessKey || (sessionToken && !accessKeyId)) {
    refuse("aws:accessKey, aws:secretKey and aws:token go together: set the first two, or none of them");
  }
  const [webIdentity] = list<Partial<WebIdentity>>("assumeRoleWithWebIdentity").map(fromEnvironment);
  if (webIdentity && !(webIdentity.webIdentityToken || webIdentity.webIdentityTokenFile)) {
    refuse("aws:assumeRoleWithWebIdentity needs webIdentityToken or webIdentityTokenFile");
  }
  refuse(webIdentity && !webIdentity.roleArn && "aws:assumeRoleWithWebIdentity needs roleArn");
  // The key's name in version 6 of the AWS provider.
  const old = listOf<AssumeRole>(parsed("aws:assumeRole", config("aws:assumeRole")));
  const roles = [list<AssumeRole>("assumeRoles"), old].find((each) => each.length > 0) ?? [];
  const files = (key: SettingKey): string | undefined => {
    const [first, second] = list<string>(key);
    refuse(second && `aws:${key} may name one file here, and names more: put their profiles into one`);
    return first;
  };
  const named: Record<string, string> = Object.assign({}, ...list<object>("endpoints"));
  refuse(named.sso && "aws:endpoints cannot set sso here: set AWS_ENDPOINT_URL_SSO in the environment");
  const accounts = { allowedAccountIds: list<string>("allowedAccountIds").map(String) };
  const forbidden = { forbiddenAccountIds: list<string>("forbiddenAccountIds").map(String) };
  for (const [key, ids] of Object.entries({ ...accounts, ...forbidden })) {
    refuse(
      flag("skipRequestingAccountId") &&
        ids.length > 0 &&
        `aws:${key} needs the account's number, which aws:skipRequestingAccountId forbids to ask for: remove one of them`,
    );
  }
  const [configFile, credentialsFile] = [files("sharedConfigFiles"), files("sharedCredentialsFiles")];
  if (refused.length > 0) throw new Error(`The AWS configuration cannot be followed: ${refused.join("; ")}.`);

  return {
    region: text("region") || undefined,
    profile: text("profile") || undefined,
    keys: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey, sessionToken } : undefined,
    roles: roles.filter((role) => role.roleArn),
    webIdentity: webIdentity as WebIdentity | undefined,
    ...accounts,
    ...forbidden,
    skipRequestingAccountId: flag("skipRequestingAccountId"),
    endpoints: Object.fromEntries(
      Object.entries(ENDPOINT_NAMES)
        .map(([service, names]) => [service, names.map((name) => named[name]).find(Boolean)])
        .filter(([, url]) => url),
    ),
    configFile,
    credentialsFile,
    httpProxy: text("httpProxy"),
    httpsProxy: text("httpsProxy"),
    noProxy: text("noProxy"),
    caBundle: text("customCaBundle") || process.env.AWS_CA_BUNDLE,
    insecure: flag("insecure"),
    s3UsePathStyle: flag("s3UsePathStyle"),
    useFipsEndpoint: flag("useFipsEndpoint"),
    useDualstackEndpoint: flag("useDualstackEndpoint"),
    stsRegion: text("stsRegion") || undefined,
    metadataDisabled: text("skipMetadataApiCheck") ? flag("skipMetadataApiCheck") : undefined,
    metadataEndpoint: text("ec2MetadataServiceEndpoint"),
    metadataEndpointMode: text("ec2MetadataServiceEndpointMode"),
  };
}

/** What the AWS provider takes from the environment where the block is there, but leaves it out. */
const fromEnvironment = (block: Partial<WebIdentity>): Partial<WebIdentity> => ({
  ...block,
  roleArn: block.roleArn ?? process.env.AWS_ROLE_ARN,
  sessionName: block.sessionName ?? process.env.AWS_ROLE_SESSION_NAME,
  webIdentityTokenFile:
    block.webIdentityTokenFile ??
    (block.webIdentityToken ? undefined : process.env.AWS_WEB_IDENTITY_TOKEN_FILE),
});

/** The seconds of a role's duration; the AWS provider's default, an hour, is AWS's own. */
export const roleSeconds = (role: { duration?: Duration }): number | undefined =>
  durationSeconds(role.duration);

function listOf<T>(value: unknown): T[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]) as T[];
}

/** A structured value; text that is no JSON is itself, such as the one account of `pulumi config set aws:allowedAccountIds 1111`. */
export function parsed(key: string, json: string | undefined): unknown {
  if (!json) return undefined;
  try {
    return JSON.parse(json);
  } catch {
    if (/^\s*[[{]/.test(json)) throw new Error(`${key} is not the JSON of a list or an object.`);
    return json;
  }
}
