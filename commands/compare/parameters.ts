import type { Result } from "../../components/leaderboard";
import { isRecord } from "../../components/trainingJob/args/unknown";
import type { RunRecord } from "../../components/trainingJob/record/schema";

/** Inputs that say where results go, who may do what, and what happens to a job: nothing that a run is compared by. */
const NOT_COMPARED = [
  ...["outputDataConfig", "checkpointConfig", "roleArn", "tags", "vpcConfig"],
  ...["baseJobName", "onCancel", "deletePolicy", "livePrices", "adopt"],
  // Told by the source, the image and the data.
  ...["sourceUri", "inputDataConfig"],
];
const NOT_COMPARED_PATHS = [
  "algorithmSpecification.trainingImage",
  "algorithmSpecification.metricDefinitions",
];

/** A run with everything that the table tells of it. */
export interface Run extends Result {
  record: RunRecord;
  /** S3 URI of the record. */
  uri: string;
}

export function runOf(record: RunRecord, uri: string): Run {
  return {
    name: record.trainingJobName,
    parameters: parametersOf(record),
    metrics: inDefinedOrder(record),
    cost: record.cost.actual ?? null,
    seconds: record.trainingSeconds,
    status: record.status,
    artifact: record.modelArtifact,
    record,
    uri,
  };
}

/**
 * What was set, flat: hyperparameters under their own names, `env.NAME`, `data.CHANNEL`, `source`, `image`, and everything else of the
 * inputs by the last part of its path, or all of it where two would be called alike.
 */
function parametersOf({
  inputs,
  source,
  image,
  dataFingerprints,
  stack,
  experiment,
}: RunRecord): Record<string, unknown> {
  const { hyperparameters, environment, ...rest } = inputs;
  const leaves = Object.entries(rest)
    .filter(([key]) => !NOT_COMPARED.includes(key))
    .flatMap(([key, value]) => leavesOf(value, key))
    .filter(([path]) => !NOT_COMPARED_PATHS.some((each) => path.startsWith(each)));
  const last = (path: string) => path.split(".").at(-1) ?? path;
  const named = leaves.map(([path, value]) => {
    const unique = leaves.filter(([other]) => last(other) === last(path)).length === 1;
    return [unique ? last(path) : path, value] as const;
  });
  return {
    stack,
    experiment,
    ...Object.fromEntries(named),
    ...prefixed("env.", environment),
    ...channels(inputs.inputDataConfig),
    ...prefixed("data.", dataFingerprints),
    image: image.split("/").at(-1),
    ...(source ? { source: sourceName(source) } : {}),
    // The script's own last: a name that is used twice means its argument.
    ...prefixed("", hyperparameters),
  };
}

/** The commit where it holds the very code, else the code's own hash. */
function sourceName({ uri, digest, git }: NonNullable<RunRecord["source"]>): string {
  return git?.clean ? git.commit.slice(0, 8) : (digest?.slice(0, 8) ?? uri);
}

/** The data of each channel by its place; a fingerprint, where there is one, tells more and takes the name. */
function channels(inputDataConfig: unknown): Record<string, unknown> {
  return Object.fromEntries(
    recordsIn(inputDataConfig).map(({ channelName, dataSource }) => [
      `data.${channelName}`,
      placeIn(dataSource) ?? JSON.stringify(dataSource),
    ]),
  );
}

const placeIn = (dataSource: unknown): unknown =>
  isRecord(dataSource) && isRecord(dataSource.s3DataSource) ? dataSource.s3DataSource.s3Uri : undefined;

/** The entries of a list of inputs; "[secret]" may stand for one of them, and for all. */
const recordsIn = (list: unknown): Record<string, unknown>[] =>
  Array.isArray(list) ? list.filter((entry) => isRecord(entry)) : [];

function leavesOf(value: unknown, path: string): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, `${path}.${key}`));
}

function prefixed(prefix: string, values: unknown): Record<string, unknown> {
  if (typeof values !== "object" || values === null) return {};
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]));
}

/** As the metrics are defined, where that is known: the last one is what runs are ranked by unless another is asked for. */
function inDefinedOrder({ inputs, metrics }: RunRecord): Record<string, number> {
  const { metricDefinitions } = (inputs.algorithmSpecification ?? {}) as { metricDefinitions?: unknown };
  const names = [...recordsIn(metricDefinitions).map(({ name }) => String(name)), ...Object.keys(metrics)];
  const known = [...new Set(names)].filter((name) => Object.hasOwn(metrics, name));
  return Object.fromEntries(known.map((name) => [name, metrics[name]]));
}
