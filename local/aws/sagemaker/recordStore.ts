import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { fileNameFor } from "../fileName.ts";
import { setAside, writeFileAtomic } from "../stateFiles.ts";
import { keyOf } from "./record.ts";

/** Of the files; raised when an older version could not read them. */
const format = 1;

/** Between two attempts to write what could not be written. */
const retryMs = 1_000;

/** What every kind of resource has. */
export interface ResourceRecord {
  arn: string;
  region: string;
  tags: Record<string, string>;
  /** Epoch milliseconds. */
  creationTime: number;
}

export interface Kind<R extends ResourceRecord> {
  /** For people, such as `training job`. */
  what: string;
  /** The name in the account and region; undefined for what is no record of this kind. */
  nameOf: (record: R) => string | undefined;
}

/** The resources of one kind in all regions, in memory and as one JSON file each. */
export class RecordStore<R extends ResourceRecord> {
  readonly kind: Kind<R>;
  private readonly dir: string;
  private readonly log: (line: string) => void;
  private readonly records = new Map<string, R>();
  /** Where records lie, by their key: earlier versions had other file names. */
  private readonly files = new Map<string, string>();
  /** Keys of records that differ from what is on disk. */
  private readonly unwritten = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  /** A file that cannot be read is set aside, and told. */
  constructor(kind: Kind<R>, dir: string, log: (line: string) => void) {
    this.kind = kind;
    this.dir = dir;
    this.log = log;
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(dir).filter((name) => name.endsWith(".json")))
      this.load(path.join(dir, name));
  }

  find(name: string, region: string): R | undefined {
    return this.records.get(keyOf(name, region));
  }

  /** ARNs are compared without regard to case: SageMaker writes names in lower case in some of them. */
  byArn(arn: string): R | undefined {
    const record = this.find(arn.split("/").at(-1) ?? "", arn.split(":")[3] ?? "");
    return record?.arn.toLowerCase() === arn.toLowerCase() ? record : undefined;
  }

  /** Those of one region, or of all. */
  all(region?: string): R[] {
    const records = [...this.records.values()];
    return region === undefined ? records : records.filter((record) => record.region === region);
  }

  /** Adds or rewrites a record: on the disk first, so that what cannot be kept is not there at all. */
  save(record: R): void {
    this.write(record);
    this.records.set(this.keyOf(record), record);
  }

  /** Changes a record, which whoever runs it holds too: on the disk first, so that what cannot be kept has not changed. */
  change(record: R, work: (record: R) => void): void {
    const changed = structuredClone(record);
    work(changed);
    this.write(changed);
    for (const key of Object.keys(changed) as (keyof R)[]) {
      // Parts that stay as they are may be held by others as well.
      if (!isDeepStrictEqual(record[key], changed[key])) record[key] = changed[key];
    }
  }

  /**
   * Rewrites a record, for news of what goes on whether or not the disk takes them: tries again until it does.
   * The newest news is what is written then.
   */
  saveSoon(record: R): void {
    try {
      this.save(record);
    } catch (error) {
      const key = this.keyOf(record);
      if (!this.unwritten.has(key)) {
        this.log(`${this.kind.nameOf(record)}: cannot write its record: ${(error as Error).message}`);
      }
      this.unwritten.add(key);
      this.timer ??= setInterval(() => this.writeAgain(), retryMs).unref();
    }
  }

  /** What {@link saveSoon} could not write, once more; also before the end of the service. */
  writeAgain(): void {
    for (const key of this.unwritten) {
      const record = this.records.get(key);
      try {
        if (record) this.save(record);
        this.unwritten.delete(key);
      } catch {
        // Said once; the next time comes.
      }
    }
    if (this.unwritten.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  remove(record: R): void {
    const key = this.keyOf(record);
    rmSync(this.file(key), { force: true });
    this.records.delete(key);
    this.files.delete(key);
  }

  private write(record: R): void {
    writeFileAtomic(this.file(this.keyOf(record)), `${JSON.stringify({ format, ...record }, null, 1)}\n`);
  }

  private keyOf(record: R): string {
    return keyOf(this.kind.nameOf(record) ?? "", record.region);
  }

  private file(key: string): string {
    return this.files.get(key) ?? path.join(this.dir, `${fileNameFor(key)}.json`);
  }

  private load(file: string): void {
    try {
      const { format: written = format, ...read } = JSON.parse(readFileSync(file, "utf8"));
      const record = read as R;
      if (written > format) {
        this.log(`${file} was written by a newer version (format ${written}); it is left alone`);
        return;
      }
      if (!this.kind.nameOf(record) || !record.region || !record.arn) {
        throw new Error(`it describes no ${this.kind.what}`);
      }
      this.records.set(this.keyOf(record), record);
      this.files.set(this.keyOf(record), file);
    } catch (error) {
      setAside(file, error as Error, this.log);
    }
  }
}
