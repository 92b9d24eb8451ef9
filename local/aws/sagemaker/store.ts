import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { writeFileAtomic } from "../stateFiles.ts";
import { notFound } from "./errors.ts";
import { type JobRecord, jobName } from "./record.ts";

/** The training jobs, in memory and as one JSON file each. */
export class JobStore {
  private readonly dir: string;
  private readonly records = new Map<string, JobRecord>();

  constructor(dir: string) {
    this.dir = dir;
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

  /** Adds or rewrites a record. A record that was deleted meanwhile stays deleted. */
  save(record: JobRecord): void {
    this.records.set(jobName(record), record);
    writeFileAtomic(this.file(jobName(record)), `${JSON.stringify(record, null, 1)}\n`);
  }

  remove(name: string): void {
    this.records.delete(name);
    if (existsSync(this.file(name))) rmSync(this.file(name));
  }

  private file(name: string): string {
    return path.join(this.dir, `${name}.json`);
  }
}
