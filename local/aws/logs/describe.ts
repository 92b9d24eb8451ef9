import { AwsError } from "../sagemaker/errors.ts";
import type { LogGroup } from "./store.ts";
import type { StreamFile } from "./streamFile.ts";

/** Groups or streams of one page (API reference). */
const pageSize = 50;

export const groupArn = (region: string, account: string, name: string) =>
  `arn:aws:logs:${region}:${account}:log-group:${name}`;

export function describeGroup(group: LogGroup, arn: string) {
  const { name, tags: _tags, format: _format, ...rest } = group.settings;
  return {
    ...rest,
    logGroupName: name,
    metricFilterCount: 0,
    arn: `${arn}:*`,
    logGroupArn: arn,
    storedBytes: group.all().reduce((sum, stream) => sum + stream.bytes, 0),
  };
}

export function describeStream(stream: StreamFile, arn: string) {
  return {
    logStreamName: stream.name,
    creationTime: stream.creationTime,
    firstEventTimestamp: stream.first?.timestamp,
    lastEventTimestamp: stream.last?.timestamp,
    lastIngestionTime: stream.last?.ingestionTime,
    // Always this text: tokens are not needed any more.
    uploadSequenceToken: "49039859628732338998398423398598378384299294493",
    arn: `${arn}:log-stream:${stream.name}`,
    // "no longer supported for log streams, and is always reported as zero" (API reference)
    storedBytes: 0,
  };
}

/** One page of what is sorted by `keyOf`. The token is the order and the key of the last one, which need not exist any more. */
export function pageOf<T>(
  sorted: T[],
  keyOf: (item: T) => (string | number)[],
  request: { limit?: number; nextToken?: string; descending?: boolean },
): { page: T[]; nextToken?: string } {
  const ordered = request.descending ? [...sorted].reverse() : sorted;
  const sign = request.descending ? -1 : 1;
  const token =
    request.nextToken === undefined ? undefined : parse(request.nextToken, sign, sorted.map(keyOf)[0]);
  const rest = token ? ordered.filter((item) => sign * compareKeys(keyOf(item), token) > 0) : ordered;
  const page = rest.slice(0, request.limit ?? pageSize);
  const last = page.at(-1);
  if (!last || page.length === rest.length) return { page };
  return { page, nextToken: Buffer.from(JSON.stringify([sign, ...keyOf(last)])).toString("base64url") };
}

export function compareKeys(a: (string | number)[], b: (string | number)[]): number {
  for (const [index, part] of a.entries()) {
    if (part !== b[index]) return part < b[index] ? -1 : 1;
  }
  return 0;
}

/** `like`: any key in the order that is asked for; undefined where nothing is listed. */
function parse(text: string, sign: number, like: (string | number)[] = []): (string | number)[] {
  const types = (key: unknown[]) => key.map((part) => typeof part).join();
  try {
    const [order, ...key] = JSON.parse(Buffer.from(text, "base64url").toString());
    if (order === sign && (like.length === 0 || types(key) === types(like))) return key;
  } catch {
    // Falls through to the error below.
  }
  throw new AwsError("InvalidParameterException", "The specified nextToken is invalid.");
}
