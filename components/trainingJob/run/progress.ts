import type { CanonicalInputs } from "../args/args";
import { readMetricRegex } from "../args/metricRegex";
import { isUnknown } from "../args/unknown";
import { formatUsd } from "../cost/cost";
import type { Clock } from "../engine/clock";
import type { Engine } from "../engine/engine";
import { redactingEngine, redactor } from "../state/redact";
import { shortNumber, shortTime } from "./figures";
import type { LogLine } from "./logs";

export interface MetricDefinition {
  name: string;
  regex: string;
}

export interface ProgressOptions {
  engine: Engine;
  urn: string | undefined;
  /** The last one is the metric that is watched: the row begins with it. */
  metricDefinitions: MetricDefinition[];
  hosts: number;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Lines of the toolkits and of pip that say only that all is as it should be. */
const CHATTER = [
  / sagemaker[-_][\w.-]+ INFO /,
  /^Requirement already satisfied: /,
  /^Looking in (links|indexes): /,
];

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
  readonly #options: ProgressOptions;
  readonly #patterns: { name: string; regex: RegExp }[];
  readonly #metrics = new Map<string, string>();
  /** Hosts whose toolkit is printing its environment, or next the command that it runs. */
  readonly #preamble = new Map<string, "environment" | "command">();
  #label = "";
  #figures: AttemptFigures = {};
  #trainingSince: number | undefined;
  #phase = "";
  #note = "";
  #shown = "";
  #shownAt = 0;

  constructor(options: ProgressOptions) {
    this.#options = options;
    // An expression that JavaScript cannot read only leaves the row without this metric.
    this.#patterns = options.metricDefinitions.flatMap(({ name, regex: source }) => {
      const read = readMetricRegex(source);
      return "regex" in read ? [{ name, regex: read.regex }] : [];
    });
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
      this.#options.engine.log(this.#options.urn, this.#isToolkit(host, message) ? "debug" : "info", text);
      for (const { name, regex } of this.#patterns) {
        const value = regex.exec(message)?.[1];
        if (value !== undefined) this.#metrics.set(name, value);
      }
    }
    this.#show();
  }

  /** The toolkit prints some 200 lines of its environment before the script's first one: debug output. */
  #isToolkit(host: string, message: string): boolean {
    const part = this.#preamble.get(host);
    if (message.includes("Invoking script with the following command")) this.#preamble.set(host, "command");
    else if (/INFO +Invoking user script/.test(message)) this.#preamble.set(host, "environment");
    else if (part === "command" && message !== "") this.#preamble.delete(host);
    return part !== undefined || message === "" || CHATTER.some((chatter) => chatter.test(message));
  }

  #show(): void {
    const { metricDefinitions, now } = this.#options;
    const [watched, ...others] = metricDefinitions
      .map(({ name }) => name)
      .reverse()
      .filter((name) => this.#metrics.has(name))
      .map((name) => `${name}=${shortNumber(this.#metrics.get(name) ?? "")}`);
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

  /** The cost so far at the on-demand price, for what spot takes off it is known only at the end; and the time left of maxRun. In a terminal of 180 columns a replacement leaves some 50 for all that comes before the rest. */
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

/** The display of one job, told nothing that is secret. */
export function progressOf(
  inputs: CanonicalInputs,
  { engine, clock }: { engine: Engine; clock: Clock },
): Progress {
  const urn = inputs.logUrn;
  return new Progress({
    engine: redactingEngine(engine, redactor(inputs)),
    urn: isUnknown(urn) ? undefined : urn,
    metricDefinitions: inputs.algorithmSpecification?.metricDefinitions ?? [],
    hosts: inputs.resourceConfig?.instanceCount ?? 1,
    now: () => clock.now(),
  });
}
