import { setTimeout as sleep } from "node:timers/promises";
import type { ServiceEvent } from "./jobEvent.ts";

/** ministack that crashed is back within a second or two. */
const attempts = 10;
const retryMs = 1000;

export interface AnnouncerOptions {
  /** Hands EventBridge an event. */
  send: (event: ServiceEvent) => Promise<unknown>;
  log: (line: string) => void;
  pause?: (ms: number) => Promise<unknown>;
}

/** Sends events one after another, in the order in which they happened, from the moment on that there is somebody to take them. */
export class Announcer {
  private readonly options: AnnouncerOptions;
  private readonly waiting: ServiceEvent[] = [];
  private open = false;
  private sending: Promise<void> | undefined;

  constructor(options: AnnouncerOptions) {
    this.options = options;
  }

  announce(event: ServiceEvent): void {
    this.waiting.push(event);
    this.work();
  }

  /** EventBridge answers: what has been waiting is sent. */
  start(): void {
    this.open = true;
    this.work();
  }

  /** Resolves when all is sent that was announced. */
  async flush(): Promise<void> {
    while (this.sending) await this.sending;
  }

  private work(): void {
    const event = this.open && !this.sending ? this.waiting.shift() : undefined;
    if (!event) return;
    this.sending = this.send(event).finally(() => {
      this.sending = undefined;
      this.work();
    });
  }

  private async send(event: ServiceEvent): Promise<void> {
    const { send, log, pause = sleep } = this.options;
    for (let attempt = 1; ; attempt++) {
      try {
        await send(event);
        return;
      } catch (error) {
        if (attempt === attempts) {
          const { entry } = event;
          log(`event lost, ${entry.DetailType} of ${entry.Resources.join()}: ${(error as Error).message}`);
          return;
        }
        await pause(retryMs);
      }
    }
  }
}
