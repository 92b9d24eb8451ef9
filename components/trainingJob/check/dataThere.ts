import type { CanonicalInputs, Channel } from "../args/args";
import type { CheckFailure } from "../args/failures";
import { canonicalS3Uri } from "../args/s3Uri";
import { isUnknown } from "../args/unknown";
import type { AwsApi } from "../aws/api";

/**
 * Warns of channels with nothing under their prefix: the same deployment may put it there. A channel that the deployment before had too
 * is not asked about, as data may go after its training; nor is anything said where S3 does not tell.
 */
export async function missingData(
  inputs: CanonicalInputs,
  api: () => AwsApi,
  olds: Partial<CanonicalInputs> = {},
): Promise<CheckFailure[]> {
  const before = (Array.isArray(olds.inputDataConfig) ? olds.inputDataConfig : []).map(uriOf);
  const channels = Array.isArray(inputs.inputDataConfig) ? inputs.inputDataConfig : [];
  const found = await Promise.all(
    channels.map(async (channel, index): Promise<CheckFailure[]> => {
      const uri = uriOf(channel);
      if (uri === undefined || channel.fingerprint === true || before.includes(uri)) return [];
      if (await isThere(uri, api)) return [];
      const property = `inputDataConfig[${index}].dataSource.s3DataSource.s3Uri`;
      const reason = `nothing is under ${uri}: its bucket is not there, or has no such objects. The job fails unless they are there when it starts`;
      return [{ property, reason }];
    }),
  );
  return found.flat();
}

async function isThere(uri: string, api: () => AwsApi): Promise<boolean> {
  try {
    return await api().hasObjects(uri);
  } catch {
    return true; // as far as can be told
  }
}

function uriOf(channel: Channel): string | undefined {
  const source = channel?.dataSource?.s3DataSource;
  if (!source?.s3Uri || source.s3DataType !== "S3Prefix" || isUnknown(source.s3Uri)) return undefined;
  return canonicalS3Uri(source.s3Uri);
}
