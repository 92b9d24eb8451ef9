import type { CanonicalInputs, MetricDefinition } from "../args/args";
import { isUnknown } from "../args/unknown";
import { formatUsd } from "../cost/cost";
import type { Clock } from "../engine/clock";
import type { Engine } from "../engine/engine";
import { type LogLine, MetricSeries } from "../record/series";
import { redactingEngine, redactor } from "../state/redact";

export interface ProgressOptions {
  engine: Engine;
  urn: string | undefined;
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

/**
 * What a user sees of a job while it runs: phase, hardware and last metrics on the resource's own row, and every log line in its
 * diagnostics. The row is rewritten only when something on it changed, so that a CI log stays short.
 */
export class Progress {
  /** The metrics in the lines that it was given. */
  readonly series: MetricSeries;
  readonly #options: ProgressOptions;
  /** Hosts whose toolkit is printing its environment, or next the command that it runs. */
  readonly #preamble = new Map<string, "environment" | "command">();
  #label = "";
  #usdPerHour: number | undefined;
  #trainingSince: number | undefined;
  #phase = "";
  #note = "";
  #shown = "";

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.series = new MetricSeries(options.metricDefinitions);
  }

  /** Names the attempt, `ml.g5.xlarge spot, at most $1.41`, and what an hour of it costs on demand, where that is known. */
  attempt(label: string, usdPerHour?: number): void {
    this.#label = label;
    this.#usdPerHour = usdPerHour;
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
    }
    this.series.add(lines);
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
    const metrics = [...this.series.latest].map(([name, value]) => `${name}=${value}`).join(" ");
    const told = [`[${this.#phase || "Preparing"}]`, metrics, this.#note];
    const row = [...told, this.#label].filter(Boolean).join(" ");
    if (row === this.#shown) return;
    this.#shown = row;
    const shown = [...told, this.#spent(), this.#label].filter(Boolean).join(" ");
    this.#options.engine.status(this.#options.urn, shown);
  }

  /** At the on-demand price: what spot takes off it is known only at the end. It moves all the time, and alone rewrites no row. */
  #spent(): string {
    if (this.#usdPerHour === undefined || this.#trainingSince === undefined) return "";
    const hours = Math.max(0, this.#options.now() - this.#trainingSince) / 3_600_000;
    return `${formatUsd(hours * this.#usdPerHour)} so far,`;
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
