import { createHash } from "node:crypto";
import {
  type Fault,
  isOwn,
  isShared,
  nameOf,
  type Overrides,
  OWN_MAPS,
  OWN_SETTINGS,
  sharedFault,
  type Written,
} from "./sweepVariant";
import type { Json } from "./trainingJob/args/args";
import { isRecord } from "./trainingJob/args/unknown";

/** Combinations that are looked at for a draw: sorting more takes seconds of each preview. */
const MOST_COMBINATIONS = 100_000;

const isMap = (key: string): boolean => (OWN_MAPS as readonly string[]).includes(key);

/**
 * Every combination of a grid's lists. `draws: {count: 10, seed: 1}` takes so many of them: each has a place in an order that depends on
 * the seed and on itself alone, so that a higher count keeps all that were drawn before.
 */
export function gridOf(grid: Record<string, Json>, faults: Fault[]): Written[] {
  const { draws, ...lists } = grid;
  const before = faults.length;
  const axes = Object.entries(lists).flatMap(([key, values]) => axisOf(key, values, faults));
  for (const { written } of axes.filter((axis, at) => axes.findIndex((each) => isSame(each, axis)) < at)) {
    faults.push({
      path: ["grid", written],
      message: "is there twice, under two names: leave one of them out",
    });
  }
  const part = draws === undefined ? undefined : drawsOf(draws, faults);
  const count = axes.reduce((all, { values }) => all * values.length, 1);
  if (count > MOST_COMBINATIONS) {
    const message = `has ${count} combinations, the limit is ${MOST_COMBINATIONS}: shorten its lists`;
    faults.push({ path: ["grid"], message });
  } else if (part && part.count > count) {
    const message = `is ${part.count}, and the grid has ${count} combinations: leave draws out, or take fewer`;
    faults.push({ path: ["grid", "draws", "count"], message });
  } else if (axes.length === 0 && draws !== undefined) {
    faults.push({ path: ["grid", "draws"], message: "has no effect without a list to draw from" });
  }
  if (faults.length > before || axes.length === 0) return [];
  const all = combinations(axes).map((overrides) => {
    const label = nameOf(overrides);
    return { label, path: ["grid", label], overrides };
  });
  return part ? drawn(all, part) : all;
}

interface Axis {
  written: string;
  key: string;
  /** The map that the key is in, if it is no setting by itself. */
  map?: string;
  values: Json[];
}

function axisOf(written: string, values: Json, faults: Fault[]): Axis[] {
  const fault = (message: string) => {
    faults.push({ path: ["grid", written], message });
    return [];
  };
  const [first, ...rest] = written.split(".");
  const isInner = isMap(first) && rest.length > 0;
  if (isMap(written)) return fault(`name one of its keys, as ${written}.KEY`);
  if (isShared(written)) return fault(sharedFault(written));
  const meant = OWN_SETTINGS.find((key) => key !== written && plain(key) === plain(written));
  if (meant)
    return fault(
      `is no setting; did you mean ${meant}? (for an argument of the script: hyperparameters.${written})`,
    );
  if (!Array.isArray(values) || values.length === 0) return fault("use a list of values");
  const texts = values.map((each) => (typeof each === "string" ? each : JSON.stringify(each)));
  if (new Set(texts).size < texts.length) return fault("has a value twice");
  if (isInner) return [{ written, map: first, key: rest.join("."), values }];
  return [{ written, key: written, values, ...(isOwn(written) ? {} : { map: "hyperparameters" }) }];
}

const isSame = (a: Axis, b: Axis): boolean => a.map === b.map && a.key === b.key;

const plain = (key: string): string => key.toLowerCase().replace(/[^a-z0-9]/g, "");

function combinations([axis, ...others]: Axis[]): Overrides[] {
  if (!axis) return [{}];
  const rest = combinations(others);
  return axis.values.flatMap((value) => rest.map((each) => withValue(axis, value, each)));
}

function withValue({ map, key }: Axis, value: Json, others: Overrides): Overrides {
  if (map === undefined) return { [key]: value, ...others };
  const inner = isRecord(others[map]) ? (others[map] as Overrides) : {};
  return { ...others, [map]: { [key]: value, ...inner } };
}

interface Draws {
  count: number;
  seed: number;
}

function drawsOf(draws: Json, faults: Fault[]): Draws | undefined {
  const { count, seed = 0, ...more } = isRecord(draws) ? (draws as Record<string, Json>) : {};
  const isCount = Number.isSafeInteger(count) && (count as number) > 0;
  if (isCount && Number.isSafeInteger(seed) && Object.keys(more).length === 0) {
    return { count: count as number, seed: seed as number };
  }
  const message = "use {count: 10, seed: 1}: how many combinations, and which part of them (seed, default 0)";
  faults.push({ path: ["grid", "draws"], message });
  return undefined;
}

/** In the order of the grid. */
function drawn(all: Written[], { count, seed }: Draws): Written[] {
  const place = ({ label }: Written) => createHash("sha256").update(`${seed} ${label}`).digest("hex");
  const places = new Map(all.map((each) => [each, place(each)]));
  const first = [...all].sort((a, b) => ((places.get(a) ?? "") < (places.get(b) ?? "") ? -1 : 1));
  const taken = new Set(first.slice(0, count));
  return all.filter((each) => taken.has(each));
}
