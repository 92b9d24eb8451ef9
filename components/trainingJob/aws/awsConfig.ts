import type { AwsConfig } from "../args/args";
import type { Failures } from "../args/failures";
import { isRecord, isUnknown } from "../args/unknown";
import type { ConfigReader } from "./settings";

/** Not a setting: what the provider says, but what is not passed on, as text such as "accessKey, secretKey". */
export const REFUSED = "refused";

/**
 * Reads the settings of the `aws.Provider` that a training job was given, or that its parent has, where there is one. They hold in place of
 * the stack's configuration, none of which an explicit provider reads.
 */
export function configReader(awsConfig: AwsConfig | undefined, stack: ConfigReader): ConfigReader {
  if (!awsConfig) return stack;
  return (key) => awsConfig[key.replace(/^aws:/, "")];
}

/** Refuses a provider whose credentials cannot be passed on. */
export function checkAwsConfig(awsConfig: unknown, failures: Failures): void {
  const refused = isRecord(awsConfig) ? awsConfig[REFUSED] : undefined;
  if (typeof refused === "string" && refused !== "" && !isUnknown(refused)) {
    failures.add(
      "provider",
      `the aws.Provider has ${refused}, which a training job cannot follow: they would be kept in its state, and be out of date when it is ` +
        "updated or destroyed. Give the provider a profile, assumeRoles or assumeRoleWithWebIdentity with a webIdentityTokenFile; " +
        "or set aws:accessKey and aws:secretKey, or the environment's keys, for the whole stack",
    );
  }
}
