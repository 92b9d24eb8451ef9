import { createHash } from "node:crypto";
import { schema, type TrainingConfig } from "./configSchema";
import type { Json } from "./trainingJob/args/args";
import { isRecord } from "./trainingJob/args/unknown";

/** Settings that each experiment of a stack may have for itself. Maps are merged with the stack's, key by key. */
export const OWN_SETTINGS = [
  ...(["hyperparameters", "environment", "runId", "entryPoint", "distribution", "train", "val"] as const),
  ...(["fingerprintData", "instanceType", "instanceCount", "maxRun", "spot", "maxWait"] as const),
  ...(["fallback", "keepAlive"] as const),
];
/** The maps among them. */
export const OWN_MAPS = ["hyperparameters", "environment"] as const;
export type OwnSetting = (typeof OWN_SETTINGS)[number];

/** What one experiment has in place of the stack's settings, as it is written. */
export type Overrides = Record<string, Json>;

/** One experiment of several, as it is written. */
export interface Written {
  /** What its user calls it: the key of the outputs, and nothing else. */
  label: string;
  /** Where it is in the configuration. */
  path: string[];
  overrides: Overrides;
}

/** What is wrong with the configuration, and where. */
export interface Fault {
  path: string[];
  message: string;
}

/** One experiment of several. */
export interface Variant extends Omit<Written, "path"> {
  /** What it is called in the state: what it sets, so that another label is no other experiment. Empty where it sets nothing. */
  name: string;
  /** Its settings, parsed: the stack's with the overrides in them. Not its maps: the stack's part of them may be secret. */
  settings: Omit<Pick<TrainingConfig, OwnSetting>, (typeof OWN_MAPS)[number]>;
  /** Whether it trains just what the stack would without any. */
  isBase: boolean;
}

export const isOwn = (key: string): boolean => (OWN_SETTINGS as readonly string[]).includes(key);
export const isOwnMap = (key: string): boolean => (OWN_MAPS as readonly string[]).includes(key);
/** Whether all experiments of a stack have it in common. */
export const isShared = (key: string): boolean => key in schema.shape && !isOwn(key);

export const sharedFault = (key: string): string =>
  `is one for all experiments of a stack: set training:${key}, or use a stack of its own`;

/** Characters of a name that a display still shows in one piece. */
const LONGEST = 80;

/** `batch_size=16,lr=0.01`: what is set, sorted. What is longer, or has other characters, is told apart by six digits of its hash. */
export function nameOf(overrides: Overrides): string {
  const { hyperparameters = {}, ...others } = overrides;
  const parts: [string, Json][] = [
    ...entries(hyperparameters).map(([key, value]): [string, Json] => [
      key in schema.shape ? `hyperparameters.${key}` : key,
      value,
    ]),
    ...Object.entries(others).flatMap(([key, value]): [string, Json][] =>
      isRecord(value) ? entries(value).map(([inner, each]) => [`${key}.${inner}`, each]) : [[key, value]],
    ),
  ];
  const text = parts
    .map(([key, value]) => `${key}=${written(value)}`)
    .sort()
    .join(",");
  const plain = text.replace(/[^\w.,=+-]+/g, "-");
  if (plain === text && text.length <= LONGEST) return text;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 6);
  return `${plain.slice(0, LONGEST - hash.length - 1)}-${hash}`;
}

const entries = (value: Json): [string, Json][] =>
  isRecord(value) ? (Object.entries(value) as [string, Json][]) : [];

/** A script receives texts: `0.01` and `"0.01"` are one value. */
const written = (value: unknown): string =>
  typeof value === "object" && value !== null ? JSON.stringify(inOrder(value)) : String(value);

/** Keys in order, and everything in them as a text. */
export function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isRecord(value)) return value === undefined ? null : String(value);
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, inOrder(value[key])]));
}
