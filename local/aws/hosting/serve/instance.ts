import { setTimeout as sleep } from "node:timers/promises";
import type { JobProcess } from "../../sagemaker/record.ts";
import type { Container } from "../../training/process/container.ts";
import { callModel, type ModelAnswer, type ModelRequestMessage } from "./call.ts";
import { pingFailed } from "./faults.ts";

export interface InstanceOptions {
  variant: string;
  /** Where its server answers. */
  socketPath: string;
  /** Makes the folders of the instance anew and starts its server. */
  launch: () => Promise<Container>;
  /** Seconds from a start to the first answer to a ping. */
  startupSeconds: number;
  /** Told whenever the process is another one. */
  onProcess: () => void;
  /** Made for each request whose turn has come; aborts when the server has had its time. Default {@link longestRequestMs}. */
  deadline?: () => AbortSignal;
  log: (line: string) => void;
}

/** Between two looks at a server that starts. */
const pingMs = 50;
/** A ping that is not answered within this, and SIGTERM to SIGKILL (SageMaker: 2 s, 30 s). */
const pingTimeoutMs = 2_000;
const graceMs = 5_000;
/** What the worker of the image has for one request (SAGEMAKER_MODEL_SERVER_TIMEOUT). */
const longestRequestMs = 60_000;
/** Pauses before the starts after a server's end: longer each time, as long as none of them serves. */
const firstPauseMs = 100;
const longestPauseMs = 30_000;

/** One instance of a variant: a model server that is started again whenever it ends by itself. */
export class Instance {
  /** Requests that it is working on. */
  inFlight = 0;
  private readonly options: InstanceOptions;
  private readonly stopped = new AbortController();
  private container: Container | undefined;
  /** Resolves when the requests so far have been answered. */
  private turn: Promise<void> = Promise.resolve();
  private healthy = false;
  /** Whether it has been healthy once: until then its end is a failed deployment. */
  private served = false;
  private starting: Promise<void> = Promise.resolve();
  private supervision: Promise<void> = Promise.resolve();

  constructor(options: InstanceOptions) {
    this.options = options;
  }

  get isReady(): boolean {
    return this.healthy;
  }

  get process(): JobProcess | undefined {
    return this.container?.process;
  }

  /** Resolves when the server has answered a ping. Throws the fault of the deployment when it ends before, or takes too long. */
  start(): Promise<void> {
    this.starting = this.startFirst();
    return this.starting;
  }

  /**
   * Has its turn after the requests before it, as with the worker of the image: TorchServe ends one that takes too long, starts it again,
   * and hands it those that wait. Rejects when the server does not answer, or the signal comes first; the server goes on.
   */
  async invoke(message: ModelRequestMessage, signal: AbortSignal): Promise<ModelAnswer> {
    this.inFlight += 1;
    const served = this.turn.then(() => this.serve(message, signal));
    this.turn = served.then(
      () => undefined,
      () => undefined,
    );
    try {
      return await orAborted(served, signal);
    } finally {
      this.inFlight -= 1;
    }
  }

  private async serve(message: ModelRequestMessage, signal: AbortSignal): Promise<ModelAnswer> {
    await this.untilReady(signal);
    const { container } = this;
    const deadline = this.options.deadline?.() ?? AbortSignal.timeout(longestRequestMs);
    try {
      return await callModel(this.options.socketPath, message, deadline);
    } catch (error) {
      // The server ends, or is ended: who comes next waits for its next start.
      if (this.container === container) this.healthy = false;
      container?.kill();
      throw error;
    }
  }

  private async untilReady(signal: AbortSignal): Promise<void> {
    const over = AbortSignal.any([signal, this.stopped.signal]);
    over.throwIfAborted();
    while (!this.healthy) await sleep(pingMs, undefined, { signal: over });
  }

  /** Resolves when no process of the instance is left. */
  async stop(): Promise<void> {
    this.healthy = false;
    this.stopped.abort();
    const { container } = this;
    container?.terminate();
    const kill = setTimeout(() => container?.kill(), graceMs);
    // What was just being started is ended by whoever started it.
    await this.starting.catch(() => undefined);
    await this.supervision;
    clearTimeout(kill);
  }

  private async startFirst(): Promise<void> {
    const container = await this.launch();
    this.supervision = this.supervise(container);
    await this.waitForPing(container);
  }

  private async launch(): Promise<Container> {
    this.stopped.signal.throwIfAborted();
    const container = await this.options.launch();
    this.container = container;
    // It may have been asked to stop while its folders were made.
    if (this.stopped.signal.aborted) container.kill();
    this.options.onProcess();
    return container;
  }

  /** Starts the server again after each end, until the instance is stopped. */
  private async supervise(first: Container): Promise<void> {
    let container = first;
    let pause = firstPauseMs;
    for (;;) {
      const { code } = await container.exited;
      this.healthy = false;
      // What never served is a failed deployment, and for that to say.
      if (this.stopped.signal.aborted || !this.served) return;
      this.options.log(
        `a model server of variant ${this.options.variant} ended (${code}); starting it again`,
      );
      try {
        await sleep(pause, undefined, { signal: this.stopped.signal });
        container = await this.launch();
        await this.waitForPing(container);
        pause = firstPauseMs;
      } catch (error) {
        if (this.stopped.signal.aborted) {
          await container.exited;
          return;
        }
        pause = Math.min(pause * 2, longestPauseMs);
        this.options.log(`variant ${this.options.variant}: ${(error as Error).message}`);
        container.kill();
      }
    }
  }

  private async waitForPing(container: Container): Promise<void> {
    let ended = false;
    void container.exited.then(() => {
      ended = true;
    });
    const deadline = Date.now() + this.options.startupSeconds * 1000;
    while (!(await this.ping())) {
      this.stopped.signal.throwIfAborted();
      if (ended || Date.now() > deadline) {
        container.kill();
        throw pingFailed(this.options.variant);
      }
      await Promise.race([container.exited, sleep(pingMs)]);
    }
    this.stopped.signal.throwIfAborted();
    if (ended) throw pingFailed(this.options.variant);
    this.healthy = true;
    this.served = true;
  }

  private async ping(): Promise<boolean> {
    try {
      const message: ModelRequestMessage = { method: "GET", path: "/ping" };
      const signal = AbortSignal.timeout(pingTimeoutMs);
      return (await callModel(this.options.socketPath, message, signal)).status === 200;
    } catch {
      return false; // not there yet
    }
  }
}

/** Ends with the signal, whatever becomes of the work. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
