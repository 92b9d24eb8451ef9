import { own } from "../../components/own";
import type { Run } from "../compare/parameters";

export interface Point {
  x: number;
  value: number;
}

/** How a metric went in one run. */
export interface Curve {
  run: Run;
  /** How many values the log told. */
  count: number;
  /** x: finished epochs. Empty where the log names no epochs. */
  byEpoch: Point[];
  /** x: seconds since the training began. */
  byTime: Point[];
}

export interface MetricCurves {
  metric: string;
  curves: Curve[];
}

/** Points that are drawn of a curve. */
export const DRAWN = 120;

/** The curves of every metric that a log told, in the order of the names given, and then of the runs. */
export function curvesOf(runs: Run[], metrics: string[]): MetricCurves[] {
  const names = [...new Set([...metrics, ...runs.flatMap(({ record }) => Object.keys(record.curves))])];
  return names
    .map((metric) => ({ metric, curves: runs.flatMap((run) => curveOf(run, metric) ?? []) }))
    .filter(({ curves }) => curves.length > 0);
}

function curveOf(run: Run, metric: string): Curve | undefined {
  const found = own(run.record.curves, metric);
  if (!found || found.points.length === 0) return undefined;
  const start = startOf(run);
  const byTime = found.points.map(({ time, value }) => ({ x: (Date.parse(time) - start) / 1000, value }));
  return { run, count: found.count, byEpoch: thinned(overEpochs(found.points)), byTime: thinned(byTime) };
}

/** When the training began, in milliseconds: the first step of that name, if that was before all values, else the first value. */
function startOf({ record }: Run): number {
  const first = Math.min(
    ...Object.values(record.curves).flatMap(({ points }) => points.map(({ time }) => Date.parse(time))),
  );
  const step = record.timeline.find(({ status }) => status === "Training");
  const began = step ? Date.parse(step.startTime) : Number.NaN;
  return Number.isNaN(began) ? first : Math.min(began, first);
}

/**
 * The values over finished epochs: those of one epoch spread over it, its last one at its end. Where the log goes back, as after an
 * interruption, what came of the epochs again counts.
 */
export function overEpochs(points: { epoch?: number; value: number }[]): Point[] {
  const kept: { epoch: number; value: number }[] = [];
  for (const { epoch, value } of points) {
    if (epoch === undefined) continue;
    const last = kept.at(-1);
    if (last && epoch < last.epoch) {
      while ((kept.at(-1)?.epoch ?? Number.NEGATIVE_INFINITY) >= epoch) kept.pop();
    }
    kept.push({ epoch, value });
  }
  const counts = new Map<number, number>();
  for (const { epoch } of kept) counts.set(epoch, (counts.get(epoch) ?? 0) + 1);
  const seen = new Map<number, number>();
  return kept.map(({ epoch, value }) => {
    const at = (seen.get(epoch) ?? 0) + 1;
    seen.set(epoch, at);
    return { x: epoch - 1 + at / (counts.get(epoch) ?? 1), value };
  });
}

/** At most about {@link DRAWN} points: of each stretch the lowest and the highest, so that no spike is lost; the first and the last stay. */
export function thinned(points: Point[]): Point[] {
  if (points.length <= DRAWN) return points;
  const inner = points.slice(1, -1);
  const stretches = (DRAWN - 2) / 2;
  const kept: Point[] = [points[0]];
  for (let index = 0; index < stretches; index++) {
    const part = inner.slice(
      Math.floor((index * inner.length) / stretches),
      Math.floor(((index + 1) * inner.length) / stretches),
    );
    const low = part.reduce((a, b) => (b.value < a.value ? b : a));
    const high = part.reduce((a, b) => (b.value > a.value ? b : a));
    kept.push(...[low, high].filter((each, at, all) => all.indexOf(each) === at).sort((a, b) => a.x - b.x));
  }
  const last = points.at(-1);
  return last ? [...kept, last] : kept;
}
