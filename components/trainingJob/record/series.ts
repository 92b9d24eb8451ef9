import type { MetricDefinition } from "../args/args";
import { readMetricRegex } from "../args/metricRegex";

/** One line of a job's log. */
export interface LogLine {
  /** The container that printed it: `algo-1`, `algo-2`, … */
  host: string;
  message: string;
  /** When it was printed, in milliseconds since the epoch. */
  timestamp: number;
}

/** One value of a metric, as the log told it. */
export interface MetricPoint {
  /** ISO 8601. */
  time: string;
  /** The epoch that its line names, or else the last line before it of the same host that names one. */
  epoch?: number;
  value: number;
}

/** How a metric went. */
export interface MetricCurve {
  /** How many values the log told. */
  count: number;
  /** Those that are kept, oldest first. */
  points: MetricPoint[];
}

/**
 * Points that are kept of a metric. Of more values every second, every fourth, … is kept, so that a curve spans the whole training and a
 * record with the 40 metrics that a job may have stays below 2 MB. The last value is always one of them.
 */
export const MAX_POINTS = 500;

/** `epoch=3`, `Epoch 3/10`, `"epoch": 3`, `Epoch: [3]`; trainers that log between epochs write `'epoch': 1.25`. */
const EPOCH = /\bepoch\b["']?\s*[:=]?\s*[[(]?\s*(\d+(?:\.\d+)?)/i;

interface Kept {
  count: number;
  /** Every how many values one is kept. */
  stride: number;
  points: MetricPoint[];
  last: MetricPoint;
}

/** The values of a job's metrics over time, found in its log by the expressions of its metric definitions. */
export class MetricSeries {
  readonly #patterns: { name: string; regex: RegExp }[];
  readonly #kept = new Map<string, Kept>();
  readonly #latest = new Map<string, string>();
  /** By host. */
  readonly #epochs = new Map<string, number>();

  constructor(definitions: MetricDefinition[]) {
    // An expression that JavaScript cannot read only leaves out this metric.
    this.#patterns = definitions.flatMap(({ name, regex: source }) => {
      const read = readMetricRegex(source);
      return "regex" in read ? [{ name, regex: read.regex }] : [];
    });
  }

  add(lines: LogLine[]): void {
    for (const { host, message, timestamp } of lines) {
      const epoch = EPOCH.exec(message)?.[1];
      if (epoch !== undefined) this.#epochs.set(host, Number(epoch));
      for (const { name, regex } of this.#patterns) {
        const text = regex.exec(message)?.[1];
        if (text === undefined) continue;
        this.#latest.set(name, text);
        // CloudWatch takes no NaN and no infinity either.
        const value = text.trim() === "" ? Number.NaN : Number(text);
        if (!Number.isFinite(value)) continue;
        const at = this.#epochs.get(host);
        this.#keep(name, {
          time: new Date(timestamp).toISOString(),
          ...(at === undefined ? {} : { epoch: at }),
          value,
        });
      }
    }
  }

  /** The last value of each metric, as it was printed. */
  get latest(): ReadonlyMap<string, string> {
    return this.#latest;
  }

  /** The curve of each metric that the log told a number of. */
  get curves(): Record<string, MetricCurve> {
    return Object.fromEntries(
      [...this.#kept].map(([name, { count, points, last }]) => {
        const all = points.at(-1) === last ? points : [...points, last];
        return [
          name,
          { count, points: all.toSorted((a, b) => (a.time < b.time ? -1 : Number(a.time > b.time))) },
        ];
      }),
    );
  }

  #keep(name: string, point: MetricPoint): void {
    const kept = this.#kept.get(name) ?? { count: 0, stride: 1, points: [], last: point };
    this.#kept.set(name, kept);
    // One place stays free for the last value.
    if (kept.points.length === MAX_POINTS - 1 && kept.count % kept.stride === 0) {
      kept.points = kept.points.filter((_, index) => index % 2 === 0);
      kept.stride *= 2;
    }
    if (kept.count % kept.stride === 0) kept.points.push(point);
    kept.count += 1;
    kept.last = point;
  }
}
