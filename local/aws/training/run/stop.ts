export type StopWhy = "user" | "maxRuntime" | "maxWait" | "shutdown";

/** The reason of an aborted job: why it was stopped. */
export class Stopped extends Error {
  readonly why: StopWhy;

  constructor(why: StopWhy) {
    super(`stopped: ${why}`);
    this.why = why;
  }
}

/** Stops a job once, for the first reason that comes; later reasons change nothing. */
export class StopSwitch {
  private readonly controller = new AbortController();
  private readonly timers = new Set<NodeJS.Timeout>();
  private closed = false;

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get why(): StopWhy | undefined {
    return this.controller.signal.aborted ? (this.controller.signal.reason as Stopped).why : undefined;
  }

  stop(why: StopWhy): void {
    if (!this.controller.signal.aborted && !this.closed) this.controller.abort(new Stopped(why));
    this.clear();
  }

  /** Stops after so many seconds. */
  stopAfter(seconds: number, why: StopWhy): void {
    const deadline = Date.now() + seconds * 1000;
    const arm = () => {
      const left = deadline - Date.now();
      if (left <= 0) return this.stop(why);
      // setTimeout holds 24.8 days at most; a job may run for 28.
      const timer = setTimeout(
        () => {
          this.timers.delete(timer);
          arm();
        },
        Math.min(left, 2_000_000_000),
      );
      this.timers.add(timer);
    };
    if (!this.controller.signal.aborted) arm();
  }

  /** The processes have ended: whatever comes now comes too late. */
  close(): void {
    this.closed = true;
    this.clear();
  }

  /** Forgets the timers of a job that has ended. */
  clear(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }
}

/** Whether an error is that of an aborted job, also when a library wraps it. */
export function isStop(error: unknown, stop: StopSwitch): boolean {
  return error instanceof Stopped || (stop.signal.aborted && (error as Error)?.name === "AbortError");
}
