import * as pulumi from "@pulumi/pulumi";
import { REFUSED } from "./trainingJob/aws/awsConfig";
import { FOLLOWED, type SettingKey } from "./trainingJob/aws/settingKeys";

/** Options of a resource or a component, as far as they tell its provider. */
type ProviderOptions = Pick<pulumi.ComponentResourceOptions, "parent" | "provider" | "providers">;

/** Settings of an `aws.Provider` for a resource that is not one of the AWS provider. */
export type ProviderSettings = Record<string, pulumi.Input<string | undefined>>;

const AWS = "aws";
/** What is a secret by itself and goes out of date: never passed on. */
const KEYS = ["accessKey", "secretKey", "token"] as const;

/**
 * What the `aws.Provider` says that a resource of the AWS package would get with these options: `provider`, one of `providers`, or its
 * parent's. Undefined where it would get the stack's own, which follows the `aws:` configuration. Pulumi itself drops the provider of
 * another package without a word, and a dynamic resource is always of another.
 *
 * Credentials are not passed on; their names are, so that preview can refuse them.
 */
export function awsProviderSettings(name: string, options: ProviderOptions): ProviderSettings | undefined {
  const provider = providerOf(name, options);
  if (!provider) return undefined;
  const said = (key: SettingKey) => pulumi.output(settingOf(provider, key));
  const identity = said("assumeRoleWithWebIdentity").apply(splitToken);
  const settings: ProviderSettings = {};
  for (const key of FOLLOWED) if (!KEYS.some((each) => each === key)) settings[key] = said(key);
  settings.assumeRoleWithWebIdentity = identity.apply(({ rest }) => rest);
  settings.httpProxy = secretIfPassword(said("httpProxy"));
  settings.httpsProxy = secretIfPassword(said("httpsProxy"));
  settings[REFUSED] = refused(said, identity);
  return settings;
}

/** A resource has each of its inputs as a property, also where its class declares none: structured ones as JSON. */
async function settingOf(provider: pulumi.ProviderResource, key: SettingKey) {
  const property = (provider as unknown as Record<string, pulumi.Output<string | undefined> | undefined>)[
    key
  ];
  // At preview a property without a value counts as one that is not known yet. What it is made of tells them apart.
  const made = property as unknown as { promise(withUnknowns: boolean): Promise<unknown> } | undefined;
  return (await made?.promise(true)) === undefined ? undefined : property;
}

/** Names of what is there, but not passed on; names are no secrets. */
function refused(
  said: (key: SettingKey) => pulumi.Output<string | undefined>,
  identity: pulumi.Output<{ token: boolean }>,
): pulumi.Output<string | undefined> {
  const present = pulumi.all([
    ...KEYS.map((key) => said(key).apply(Boolean)),
    identity.apply((it) => it.token),
  ]);
  const names = present.apply((all) =>
    [...KEYS, "assumeRoleWithWebIdentity.webIdentityToken"].filter((_, index) => all[index]).join(", "),
  );
  return pulumi.unsecret(names.apply((text) => text || undefined));
}

function splitToken(json: string | undefined): { rest?: string; token: boolean } {
  if (!json) return { token: false };
  const { webIdentityToken, ...rest } = JSON.parse(json);
  return { rest: JSON.stringify(rest), token: Boolean(webIdentityToken) };
}

const secretIfPassword = (url: pulumi.Output<string | undefined>): pulumi.Output<string | undefined> =>
  url.apply((text) => (text?.includes("@") ? pulumi.secret(text) : pulumi.output(text)));

/** The order is Pulumi's own for a resource of the package. */
function providerOf(name: string, options: ProviderOptions): pulumi.ProviderResource | undefined {
  const { provider, providers = [], parent } = options;
  if (provider && packageOf(provider) !== AWS) {
    throw new pulumi.RunError(
      `${name}: a training job follows the provider of the package aws, not of ${packageOf(provider)}. ` +
        "Leave the option `provider` out, or give it an aws.Provider.",
    );
  }
  const named = Array.isArray(providers) ? providers : Object.values(providers);
  return (
    provider ?? named.find((each) => packageOf(each) === AWS) ?? parent?.getProvider(`${AWS}:index:Provider`)
  );
}

/** The type token of a provider is `pulumi:providers:<package>`; @pulumi/aws knows its own by it too, though Pulumi declares it not. */
const packageOf = (provider: pulumi.ProviderResource): string =>
  (provider as unknown as { __pulumiType: string }).__pulumiType.replace(/^pulumi:providers:/, "");
