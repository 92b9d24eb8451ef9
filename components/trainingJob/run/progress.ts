import type { CanonicalInputs, MetricDefinition } from "../args/args";
import { hasUnknown, isUnknown } from "../args/unknown";
import { formatUsd } from "../cost/cost";
import type { Clock } from "../engine/clock";
import type { Engine } from "../engine/engine";
import { type LogLine, MetricSeries } from "../record/series";
import { redactingEngine, redactor } from "../state/redact";
import { shortNumber, shortTime } from "./figures";
import { Toolkit } from "./toolkit";

export interface ProgressOptions {
  engine: Engine;
  urn: string | undefined;
  /** The last one is the metric that is watched: the row begins with it. */
  metricDefinitions: MetricDefinition[];
  hosts: number;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Of the lines on the display so many are remembered: no error repeats them. */
const REMEMBERED = 1_000;

/** What an attempt runs on and costs, for its row. */
export interface AttemptFigures {
  /** USD of an hour on demand, where it is known. */
  usdPerHour?: number;
  /** The longest that it may train. */
  maxRunSeconds?: number;
}

/** A row that says nothing new is rewritten after this long at the earliest, and when a tenth was added to the time trained. */
const RENEWED_AFTER_MS = 10_000;
const RENEWED_AFTER_PART = 0.1;

/**
 * What a user sees of a job while it runs: on the resource's own row the watched metric, phase, cost and time left, then the rest, for a
 * terminal cuts the row where it ends; and every log line in its diagnostics. The row is rewritten when something on it changed, and for the
 * cost alone ever more rarely, so that a CI log stays short.
 */
export class Progress {
  /** The metrics in the lines that it was given. */
  readonly series: MetricSeries;
  readonly #options: ProgressOptions;
  readonly #toolkits = new Map<string, Toolkit>();
  #displayed: string[] = [];
  #label = "";
  #figures: AttemptFigures = {};
  #trainingSince: number | undefined;
  #phase = "";
  #note = "";
  #shown = "";
  #shownAt = 0;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.series = new MetricSeries(options.metricDefinitions);
  }

  /** Names the attempt, `ml.g5.xlarge spot, at most $1.41`. */
  attempt(label: string, figures: AttemptFigures = {}): void {
    this.#label = label;
    this.#figures = figures;
    this.#trainingSince = undefined;
    this.#show();
  }

  /** `since`: when the training began, for a job that was not followed from its start. */
  phase(phase: string, since?: Date): void {
    this.#phase = phase;
    if (phase === "Training") this.#trainingSince ??= since?.getTime() ?? this.#options.now();
    this.#note = "";
    this.#show();
  }

  /** A passing remark on the row, until the next phase. */
  note(note: string): void {
    this.#note = note;
    this.#show();
  }

  info(message: string): void {
    this.#options.engine.log(this.#options.urn, "info", message);
  }

  warn(message: string): void {
    this.#options.engine.log(this.#options.urn, "warning", message);
  }

  lines(lines: LogLine[]): void {
    for (const { host, message } of lines) {
      const text = this.#options.hosts > 1 ? `[${host}] ${message}` : message;
      const isToolkit = this.#isToolkit(host, message);
      this.#options.engine.log(this.#options.urn, isToolkit ? "debug" : "info", text);
      if (!isToolkit) this.#displayed.push(message);
    }
    this.#displayed = this.#displayed.slice(-REMEMBERED);
    this.series.add(lines);
    this.#show();
  }

  /** Whether all of these lines are on the display. */
  hasShown(lines: string[]): boolean {
    const displayed = new Set(this.#displayed);
    return lines.length > 0 && lines.every((line) => displayed.has(line));
  }

  /** What a script did not say itself is debug output, the toolkit's 200 lines of environment before the first line included. */
  #isToolkit(host: string, message: string): boolean {
    const toolkit = this.#toolkits.get(host) ?? new Toolkit();
    this.#toolkits.set(host, toolkit);
    return toolkit.isNoise(message);
  }

  #show(): void {
    const { metricDefinitions, now } = this.#options;
    const [watched, ...others] = metricDefinitions
      .map(({ name }) => name)
      .reverse()
      .filter((name) => this.series.latest.has(name))
      .map((name) => `${name}=${shortNumber(this.series.latest.get(name) ?? "")}`);
    const begin = [watched, this.#phase || "Preparing", this.#note];
    const end = [others.reverse().join(" "), this.#label];
    const row = [...begin, ...end].join();
    if (row === this.#shown && !this.#isStale()) return;
    this.#shown = row;
    this.#shownAt = now();
    const told = [...begin, ...this.#moving(), ...end].filter(Boolean).join(", ");
    this.#options.engine.status(this.#options.urn, told);
  }

  /** Whether the cost and the time left have moved enough since they were shown. */
  #isStale(): boolean {
    if (this.#moving().length === 0 || this.#trainingSince === undefined) return false;
    const now = this.#options.now();
    const trained = now - this.#trainingSince;
    return now - this.#shownAt >= Math.max(RENEWED_AFTER_MS, trained * RENEWED_AFTER_PART);
  }

  /** The cost so far at the on-demand price, for what spot takes off it is known only at the end; and the time left of maxRun. */
  #moving(): string[] {
    if (this.#trainingSince === undefined) return [];
    const { usdPerHour, maxRunSeconds } = this.#figures;
    const seconds = Math.max(0, this.#options.now() - this.#trainingSince) / 1000;
    return [
      ...(usdPerHour === undefined ? [] : [formatUsd((seconds / 3600) * usdPerHour)]),
      ...(maxRunSeconds === undefined || this.#phase !== "Training"
        ? []
        : [`${shortTime(maxRunSeconds - seconds)} left`]),
    ];
  }
}

/** At preview the list, or one of it, may not be known yet. */
const known = (definitions: MetricDefinition[] | undefined): MetricDefinition[] =>
  Array.isArray(definitions) ? definitions.filter((each) => !hasUnknown(each)) : [];

/** The containers that a job may have, at the most. */
function mostHosts({
  instanceCount = 1,
  instanceGroups = [],
  instancePreferences = [],
}: CanonicalInputs["resourceConfig"] = {}): number {
  const inGroups = listed(instanceGroups).reduce((sum, group) => sum + Number(group.instanceCount), 0);
  const inChoices = listed(instancePreferences).map((each) => Number(each.instanceCount ?? 1));
  // What preview does not know yet is no number.
  return Math.max(...[Number(instanceCount), inGroups, ...inChoices].filter(Number.isFinite));
}

const listed = <T>(list: T[]): T[] => (Array.isArray(list) ? list : []);

/** The display of one job, told nothing that is secret. */
export function progressOf(
  inputs: CanonicalInputs,
  { engine, clock }: { engine: Engine; clock: Clock },
): Progress {
  const urn = inputs.logUrn;
  return new Progress({
    engine: redactingEngine(engine, redactor(inputs)),
    urn: isUnknown(urn) ? undefined : urn,
    metricDefinitions: known(inputs.algorithmSpecification?.metricDefinitions),
    hosts: mostHosts(inputs.resourceConfig),
    now: () => clock.now(),
  });
}
