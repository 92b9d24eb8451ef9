import type { JobFault } from "../../faults/schema.ts";

/** Takes the instances of one attempt away at the moment that the faults name, if they do. */
export class Interruption {
  private readonly controller = new AbortController();
  private readonly fault: JobFault | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** `happened`: how often the job has been interrupted before. */
  constructor(fault: JobFault | undefined, happened: number) {
    this.fault = (fault?.spotInterruptions ?? 0) > happened ? fault : undefined;
  }

  /** Fires when the instances go. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  onStarted(): void {
    if (!this.fault || this.fault.interruptOnLine !== undefined) return;
    this.timer = setTimeout(() => this.controller.abort(), this.fault.interruptAfterSeconds * 1000);
  }

  onLine(line: string): void {
    const text = this.fault?.interruptOnLine;
    if (text !== undefined && line.includes(text)) this.controller.abort();
  }

  /** The attempt is over; nothing is left to interrupt. */
  end(): void {
    clearTimeout(this.timer);
  }
}
