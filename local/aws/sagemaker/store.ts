import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { writeFileAtomic } from "../stateFiles.ts";
import { notFound } from "./errors.ts";
import { type JobRecord, jobName } from "./record.ts";

/** Between two attempts to write what could not be written. */
const retryMs = 1_000;

/** The training jobs, in memory and as one JSON file each. */
export class JobStore {
  private readonly dir: string;
  private readonly log: (line: string) => void;
  private readonly records = new Map<string, JobRecord>();
  /** Names of records that differ from what is on disk. */
  private readonly unwritten = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(dir: string, log: (line: string) => void = console.error) {
    this.dir = dir;
    this.log = log;
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    for (const file of readdirSync(dir).filter((name) => name.endsWith(".json"))) {
      const record: JobRecord = JSON.parse(readFileSync(path.join(dir, file), "utf8"));
      this.records.set(jobName(record), record);
    }
  }

  find(name: string): JobRecord | undefined {
    return this.records.get(name);
  }

  /** Throws SageMaker's "Requested resource not found." */
  get(name: string): JobRecord {
    const record = this.records.get(name);
    if (!record) throw notFound();
    return record;
  }

  all(): JobRecord[] {
    return [...this.records.values()];
  }

  /** Adds or rewrites a record. When it cannot be written it is not added either. */
  save(record: JobRecord): void {
    writeFileAtomic(this.file(jobName(record)), `${JSON.stringify(record, null, 1)}\n`);
    this.records.set(jobName(record), record);
  }

  /**
   * Rewrites a record, for news of a job that goes on whether or not the disk takes them: tries again until it does.
   * The newest news is what is written then.
   */
  saveSoon(record: JobRecord): void {
    try {
      this.save(record);
    } catch (error) {
      const name = jobName(record);
      if (!this.unwritten.has(name))
        this.log(`${name}: cannot write its record: ${(error as Error).message}`);
      this.unwritten.add(name);
      this.timer ??= setInterval(() => this.writeAgain(), retryMs).unref();
    }
  }

  /** What {@link saveSoon} could not write, once more; also before the end of the service. */
  writeAgain(): void {
    for (const name of this.unwritten) {
      const record = this.records.get(name);
      try {
        if (record) this.save(record);
        this.unwritten.delete(name);
      } catch {
        // Said once; the next time comes.
      }
    }
    if (this.unwritten.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  remove(name: string): void {
    this.records.delete(name);
    if (existsSync(this.file(name))) rmSync(this.file(name));
  }

  private file(name: string): string {
    return path.join(this.dir, `${name}.json`);
  }
}
