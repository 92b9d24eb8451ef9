import { createHash } from "node:crypto";
import type { CanonicalInputs } from "../args/args";
import type { CheckFailure } from "../args/failures";
import { canonicalS3Uri } from "../args/s3Uri";
import { isUnknown } from "../args/unknown";
import type { AwsApi } from "../aws/api";

/**
 * Puts a hash of the keys and ETags under each channel that asks for it into the inputs, so that changed data is another training.
 * Reads only names, never data; a channel whose prefix is not known yet is left for the deployment. `olds` are the inputs of the
 * deployment before: data that was there then and is gone keeps its fingerprint, as it is no other data.
 */
export async function fingerprintChannels(
  inputs: CanonicalInputs,
  api: () => AwsApi,
  olds: Partial<CanonicalInputs> = {},
): Promise<{ failures: CheckFailure[]; warnings: CheckFailure[] }> {
  const channels = Array.isArray(inputs.inputDataConfig) ? inputs.inputDataConfig : [];
  const failures: CheckFailure[] = [];
  const warnings: CheckFailure[] = [];
  const fingerprints: Record<string, string> = {};
  await Promise.all(
    channels.map(async (channel, index) => {
      const uri = channel.dataSource?.s3DataSource?.s3Uri;
      if (channel.fingerprint !== true || !uri || isUnknown(uri)) return;
      const property = `inputDataConfig[${index}].dataSource.s3DataSource.s3Uri`;
      try {
        const objects = await api().listObjects(uri);
        const before = fingerprintBefore(olds, channel.channelName, uri);
        if (objects.length === 0 && before !== undefined) {
          fingerprints[channel.channelName] = before;
          const reason = `names no objects any more: nothing is under ${uri}. What was trained stands; another training needs the data back`;
          warnings.push({ property, reason });
          return;
        }
        if (objects.length === 0)
          failures.push({ property, reason: `names no objects: nothing is under ${uri}` });
        const hash = createHash("sha256");
        for (const { key, etag } of objects) hash.update(`${key}\0${etag}\n`);
        fingerprints[channel.channelName] = hash.digest("hex").slice(0, 16);
      } catch (error) {
        const { name, message } = error as Error;
        const reason = `cannot be listed for its fingerprint: ${name}: ${message}. Check the bucket and your access, or set fingerprint to false`;
        failures.push({ property, reason });
      }
    }),
  );
  if (Object.keys(fingerprints).length > 0) inputs.dataFingerprints = fingerprints;
  return { failures, warnings };
}

/** The fingerprint that this channel had over this very prefix, if it had one. */
function fingerprintBefore(
  { inputDataConfig, dataFingerprints }: Partial<CanonicalInputs>,
  name: string,
  uri: string,
): string | undefined {
  const before = Array.isArray(inputDataConfig) ? inputDataConfig : [];
  const same = before.some(
    ({ channelName, dataSource }) =>
      channelName === name && canonicalS3Uri(dataSource?.s3DataSource?.s3Uri ?? "") === canonicalS3Uri(uri),
  );
  return same ? dataFingerprints?.[name] : undefined;
}
