import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { isTerminal, type JobRecord, jobKey } from "../../sagemaker/record.ts";
import { messages, moveTo } from "../../sagemaker/status.ts";
import type { JobRunner } from "../../sagemaker/trainingJobs.ts";
import { failureReason, InternalFault, keptNote } from "../faultReasons.ts";
import { endLeftovers } from "../process/processes.ts";
import { JobRun } from "./jobRun.ts";
import { keepResults } from "./keepResults.ts";
import type { RunContext } from "./runContext.ts";

/** The jobs that run in this process. */
export class Runner implements JobRunner {
  private readonly context: RunContext;
  private readonly active = new Map<string, { run: JobRun; done: Promise<void> }>();
  private closed = false;

  constructor(context: RunContext) {
    this.context = context;
  }

  /** How many jobs have not ended. */
  get count(): number {
    return this.active.size;
  }

  /** Names of the jobs that have not ended. */
  get names(): string[] {
    return [...this.active.keys()];
  }

  start(record: JobRecord): void {
    const key = jobKey(record);
    const run = new JobRun(this.context, record);
    const done = run.run().finally(() => this.active.delete(key));
    this.active.set(key, { run, done });
    if (this.closed) run.stop("shutdown");
  }

  stop(record: JobRecord): void {
    this.active.get(jobKey(record))?.run.stop("user");
  }

  /** Stops all jobs and waits until each has said how it ended. */
  async shutdown(): Promise<void> {
    this.closed = true;
    const runs = [...this.active.values()];
    for (const { run } of runs) run.stop("shutdown");
    await Promise.all(runs.map(({ done }) => done));
    this.context.store.writeAgain();
  }

  /**
   * Ends what a crash left behind: processes, directories, and jobs that still look as if they ran. Only for the process
   * that holds the lock of the state: all of this belongs to a server that lives.
   */
  recover(): void {
    const { store, options, workDir, now, log } = this.context;
    const lost = store.all().filter((record) => !isTerminal(record.status));
    const ended = endLeftovers(
      lost.flatMap((record) => record.processes),
      options.stateDir,
    );
    if (ended > 0) log(`ended ${ended} process(es) of jobs that were running when the local AWS died`);
    // Of jobs that ended earlier: what could not be moved is still where their end says.
    const stuck = new Set(
      store.all().flatMap((record) => {
        const key = jobKey(record);
        return record.failureReason?.includes(`${path.join(workDir, key)})`) ? key : [];
      }),
    );
    for (const record of lost) {
      record.processes = [];
      const note = ` (The local AWS ended while the job was running.)${keptNote(this.keep(record, stuck))}`;
      record.failureReason = failureReason(new InternalFault(), note);
      moveTo(record, "Failed", messages.failed, now());
      store.saveSoon(record);
    }
    for (const dir of existsSync(workDir) ? readdirSync(workDir) : []) {
      if (!stuck.has(dir)) rmSync(path.join(workDir, dir), { recursive: true, force: true });
    }
  }

  private keep(record: JobRecord, stuck: Set<string>): string | undefined {
    const { workDir, keptDir, log } = this.context;
    try {
      return keepResults(record, workDir, keptDir);
    } catch (error) {
      stuck.add(jobKey(record));
      log(`${jobKey(record)}: could not move what it wrote: ${(error as Error).message}`);
      return path.join(workDir, jobKey(record));
    }
  }
}
