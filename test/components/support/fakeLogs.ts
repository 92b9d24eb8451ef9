import type { LogEvent } from "../../../components/trainingJob/aws/api";

const PAGE = 3;

/** CloudWatch Logs: streams that appear with their first line, read forward in small pages by token. */
export class FakeLogs {
  readonly #now: () => number;
  readonly #streams = new Map<string, LogEvent[]>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Adds a line that can be read from then on, or so many milliseconds later. */
  put(stream: string, timestamp: number, message: string, late = 0): void {
    const line = { timestamp, message, ingestionTime: timestamp + late };
    this.#streams.set(stream, [...(this.#streams.get(stream) ?? []), line]);
  }

  streams(prefix: string): string[] {
    return [...this.#streams.keys()]
      .filter((name) => name.startsWith(prefix) && this.#visible(name).length > 0)
      .sort();
  }

  /** At the end, CloudWatch answers with the token that it was given. */
  events(stream: string, token = "f/0"): { events: LogEvent[]; token: string } {
    const from = Number(token.slice(2));
    const events = this.#visible(stream).slice(from, from + PAGE);
    return { events, token: `f/${from + events.length}` };
  }

  last(stream: string, count: number): LogEvent[] {
    return this.#visible(stream).slice(-count);
  }

  #visible(stream: string): LogEvent[] {
    return (this.#streams.get(stream) ?? []).filter(({ ingestionTime = 0 }) => ingestionTime <= this.#now());
  }
}
