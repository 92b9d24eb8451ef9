import type { Engine } from "../engine/engine";
import { CancelledError } from "./errors";

/** What a provider process is doing at the moment, so that one ^C ends all of it. */
export class Operations {
  readonly #engine: Engine;
  readonly #inFlight = new Set<AbortController>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get count(): number {
    return this.#inFlight.size;
  }

  /** Runs the work with a signal that is aborted by `cancel`, and ends when all that it said has reached the engine. */
  async run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const operation = new AbortController();
    this.#inFlight.add(operation);
    try {
      return await work(operation.signal);
    } finally {
      this.#inFlight.delete(operation);
      await this.#engine.flush();
    }
  }

  cancel(): void {
    for (const operation of this.#inFlight) operation.abort(new CancelledError());
  }
}
