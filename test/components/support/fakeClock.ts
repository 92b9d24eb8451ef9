import type { Clock } from "../../../components/trainingJob/engine/clock";

interface Sleeper {
  until: number;
  wake: () => void;
}

/**
 * Time that passes only while everybody sleeps, and then at once: the next sleeper is woken when nothing else is left to do.
 * Two sleepers of 2 s and 3 s take 3 s together, as on a real clock.
 */
export class FakeClock implements Clock {
  #now: number;
  #scheduled = false;
  readonly #sleepers = new Set<Sleeper>();
  /** Every pause that was asked for, in milliseconds. */
  readonly sleeps: number[] = [];

  constructor(start = Date.parse("2026-01-01T00:00:00Z")) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  /** Lets time pass with nobody asleep. */
  advance(ms: number): void {
    this.#now += ms;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.sleeps.push(ms);
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const sleeper = { until: this.#now + ms, wake };
      const abort = () => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      function wake() {
        signal?.removeEventListener("abort", abort);
        resolve();
      }
      signal?.addEventListener("abort", abort, { once: true });
      this.#sleepers.add(sleeper);
      this.#schedule();
    });
  }

  /** An immediate runs after all promises that can go on have gone on. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const [next] = [...this.#sleepers].sort((a, b) => a.until - b.until);
      if (!next) return;
      this.#sleepers.delete(next);
      this.#now = Math.max(this.#now, next.until);
      next.wake();
      if (this.#sleepers.size > 0) this.#schedule();
    });
  }
}
