import type { CanonicalInputs } from "../args/args";
import { isRecord, UNKNOWN } from "../args/unknown";
import { propertyOf } from "../model/apiModel";
import { type Definition, definitionOf } from "./definition";

/** One difference between two trainings, in the names of the inputs. */
export interface Change {
  /** Such as `hyperparameters.lr` or `inputDataConfig[0].dataSource.s3DataSource.s3Uri`. */
  path: string;
  before: unknown;
  after: unknown;
}

/** What script mode makes of an input: a change of it is told under the input's own name. */
const SCRIPT_MODE = new Map([
  ["sagemaker_program", "entryPoint"],
  ["sagemaker_submit_directory", "sourceUri"],
  ["sagemaker_torch_distributed_enabled", "distribution"],
]);

/**
 * What makes the new inputs another training than the old ones; nothing when they are the same training. Data is compared where both
 * have a fingerprint of it: turning fingerprints on or off is no change of data.
 */
export function definingChanges(olds: CanonicalInputs, news: CanonicalInputs): Change[] {
  const before = definitionOf(olds);
  const after = definitionOf(news);
  const inBoth = Object.keys(fingerprints(before)).filter((channel) =>
    Object.hasOwn(fingerprints(after), channel),
  );
  return changes(withFingerprints(before, inBoth), withFingerprints(after, inBoth));
}

const fingerprints = ({ dataFingerprints }: Definition): Record<string, unknown> =>
  isRecord(dataFingerprints) ? dataFingerprints : {};

function withFingerprints(definition: Definition, channels: string[]): Definition {
  const kept = channels.map((channel) => [channel, fingerprints(definition)[channel]]);
  return { ...definition, dataFingerprints: Object.fromEntries(kept) };
}

/** A change as the user reads it, such as `hyperparameters.lr: 0.001 -> 0.01`; values of secrets are not shown. */
export function describeChange({ path, before, after }: Change, secretPaths: string[][] = []): string {
  const plain = path.replaceAll("[", ".").replaceAll("]", "");
  const within = (inner: string, outer: string) => `${inner}.`.startsWith(`${outer}.`);
  // A whole map, as where it is not known yet, shows what is in it.
  const secret = secretPaths.some((each) =>
    [path, plain].some((own) => within(own, each.join(".")) || within(each.join("."), own)),
  );
  return secret ? `${path} (secret)` : `${path}: ${shown(before)} -> ${shown(after)}`;
}

const LONGEST = 80;
/** Where such a text begins and ends is told by quotes alone. */
const UNCLEAR = /^\s|\s$|[\n\r\t]|, | -> |^"/;

function shown(value: unknown): string {
  if (value === undefined) return "unset";
  if (value === "") return '""';
  const text = (typeof value === "string" ? value : JSON.stringify(value)).replaceAll(
    UNKNOWN,
    "not known yet",
  );
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return UNCLEAR.test(cut) ? JSON.stringify(cut) : cut;
}

function changes(before: Definition, after: Definition): Change[] {
  const found = differences(before, after, []).map(({ keys, ...values }) => ({
    path: pathOf(keys),
    ...values,
  }));
  return found.filter(({ path }, index) => found.findIndex((each) => each.path === path) === index);
}

interface Difference {
  keys: string[];
  before: unknown;
  after: unknown;
}

/** As deep as both sides have the same kind of value. The order of keys does not matter; the order in lists does. */
function differences(before: unknown, after: unknown, keys: string[]): Difference[] {
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((entry, index) => differences(entry, after[index], [...keys, `[${index}]`]));
  }
  if (isRecord(before) && isRecord(after)) {
    const all = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...all].sort().flatMap((key) => differences(own(before, key), own(after, key), [...keys, key]));
  }
  // A whole map that comes or goes is told entry by entry.
  if (isRecord(before ?? after) && (before ?? after) && isMap(keys) && (!before || !after)) {
    return differences(before ?? {}, after ?? {}, keys);
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ keys, before, after }];
}

/** Keys may be names that every object has, such as `constructor`. */
const own = (record: Record<string, unknown>, key: string): unknown =>
  Object.hasOwn(record, key) ? record[key] : undefined;

const MAPS = ["HyperParameters", "Environment", "dataFingerprints"];
const isMap = (keys: string[]): boolean => keys.length === 1 && MAPS.includes(keys[0]);

/** Keys of maps are the user's own; everything else has the API's name. */
function pathOf([top, ...rest]: string[]): string {
  if (MAPS.includes(top)) {
    const input = top === "HyperParameters" ? SCRIPT_MODE.get(rest[0] ?? "") : undefined;
    return input ?? [propertyOf(top), ...rest].join(".");
  }
  return [top, ...rest]
    .map((key) => (key.startsWith("[") ? key : propertyOf(key)))
    .join(".")
    .replaceAll(".[", "[");
}
