import type { Engine } from "../engine/engine";
import { CancelledError } from "./errors";

/** What a provider process is doing at the moment, so that one ^C ends all of it. */
export class Operations {
  readonly #engine: Engine;
  /** With the promise of each one's end, which never rejects. */
  readonly #inFlight = new Map<AbortController, Promise<void>>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get count(): number {
    return this.#inFlight.size;
  }

  /** Runs the work with a signal that is aborted by `cancel`, and ends when all that it said has reached the engine. */
  async run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const operation = new AbortController();
    let ended = () => {};
    this.#inFlight.set(operation, new Promise((resolve) => (ended = resolve)));
    try {
      return await work(operation.signal);
    } finally {
      this.#inFlight.delete(operation);
      await this.#engine.flush();
      ended();
    }
  }

  /** Resolves when nothing is being done any more. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#inFlight.values());
  }

  cancel(): void {
    for (const operation of this.#inFlight.keys()) operation.abort(new CancelledError());
  }
}
