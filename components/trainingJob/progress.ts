import type { Engine } from "./engine";
import type { LogLine } from "./logs";

export interface MetricDefinition {
  name: string;
  regex: string;
}

export interface ProgressOptions {
  engine: Engine;
  urn: string | undefined;
  metricDefinitions: MetricDefinition[];
  hosts: number;
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
  readonly #options: ProgressOptions;
  readonly #patterns: { name: string; regex: RegExp }[];
  readonly #metrics = new Map<string, string>();
  /** Hosts whose toolkit is printing its environment, or next the command that it runs. */
  readonly #preamble = new Map<string, "environment" | "command">();
  #label = "";
  #phase = "";
  #note = "";
  #shown = "";

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#patterns = options.metricDefinitions.flatMap(({ name, regex }) => {
      try {
        return [{ name, regex: new RegExp(regex) }];
      } catch {
        return []; // SageMaker's dialect is Java's: a pattern unknown to JavaScript only leaves the row without this metric
      }
    });
  }

  /** Names the attempt: `ml.g5.xlarge spot, at most $1.41`. */
  attempt(label: string): void {
    this.#label = label;
    this.#show();
  }

  phase(phase: string): void {
    this.#phase = phase;
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
    const metrics = [...this.#metrics].map(([name, value]) => `${name}=${value}`).join(" ");
    const row = [`[${this.#phase || "Preparing"}]`, this.#label, metrics, this.#note]
      .filter(Boolean)
      .join(" ");
    if (row === this.#shown) return;
    this.#shown = row;
    this.#options.engine.status(this.#options.urn, row);
  }
}
