import { createHash } from "node:crypto";
import type { CanonicalInputs } from "../args/args";
import type { CheckFailure } from "../args/failures";
import { isUnknown } from "../args/unknown";
import type { AwsApi } from "../aws/api";

/**
 * Puts a hash of the keys and ETags under each channel that asks for it into the inputs, so that changed data is another training.
 * Reads only names, never data; a channel whose prefix is not known yet is left for the deployment.
 */
export async function fingerprintChannels(
  inputs: CanonicalInputs,
  api: () => AwsApi,
): Promise<CheckFailure[]> {
  const channels = Array.isArray(inputs.inputDataConfig) ? inputs.inputDataConfig : [];
  const failures: CheckFailure[] = [];
  const fingerprints: Record<string, string> = {};
  await Promise.all(
    channels.map(async (channel, index) => {
      const uri = channel.dataSource?.s3DataSource?.s3Uri;
      if (channel.fingerprint !== true || !uri || isUnknown(uri)) return;
      const property = `inputDataConfig[${index}].dataSource.s3DataSource.s3Uri`;
      try {
        const objects = await api().listObjects(uri);
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
  return failures;
}
