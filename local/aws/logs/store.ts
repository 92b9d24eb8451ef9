import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import type { JobLogs } from "../clients.ts";
import { fileNameFor } from "../fileName.ts";
import { AwsError } from "../sagemaker/errors.ts";
import { setAside, writeFileAtomic } from "../stateFiles.ts";
import type { LogEvent } from "./events.ts";
import { StreamFile } from "./streamFile.ts";

/** What CloudWatch Logs knows of a group besides its streams; one `group.json` each. */
export interface GroupSettings {
  format: number;
  name: string;
  /** Epoch milliseconds, as all times here. */
  creationTime: number;
  retentionInDays?: number;
  kmsKeyId?: string;
  logGroupClass: string;
  tags: Record<string, string>;
}

const dayMs = 24 * 60 * 60 * 1000;
const format = 1;
const settingsFile = "group.json";

export const notFound = (what: string) =>
  new AwsError("ResourceNotFoundException", `The specified log ${what} does not exist.`);
const alreadyExists = (what: string) =>
  new AwsError("ResourceAlreadyExistsException", `The specified log ${what} already exists`);

/** A log group and its streams, which are read from the disk when the first call asks for them. */
export class LogGroup {
  settings: GroupSettings;
  private readonly dir: string;
  private readonly log: (line: string) => void;
  private loaded: Map<string, StreamFile> | undefined;

  constructor(dir: string, settings: GroupSettings, log: (line: string) => void) {
    this.dir = dir;
    this.settings = settings;
    this.log = log;
  }

  /** In the order of their names. */
  all(): StreamFile[] {
    return [...this.streams.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  find(name: string): StreamFile | undefined {
    return this.streams.get(name);
  }

  /** Throws CloudWatch's answer for a stream that does not exist. */
  get(name: string): StreamFile {
    const stream = this.streams.get(name);
    if (!stream) throw notFound("stream");
    return stream;
  }

  create(name: string, now: number): StreamFile {
    if (this.streams.has(name)) throw alreadyExists("stream");
    const stream = StreamFile.create(path.join(this.dir, `${fileNameFor(name)}.log`), name, now);
    this.streams.set(name, stream);
    return stream;
  }

  remove(name: string): void {
    rmSync(this.get(name).file, { force: true });
    this.streams.delete(name);
  }

  /** Events before this time are gone. */
  kept(now: number): number {
    const { retentionInDays: days } = this.settings;
    const since = days === undefined ? 0 : now - days * dayMs;
    if (since > 0) for (const stream of this.streams.values()) stream.expire(since);
    return Math.max(0, since);
  }

  change(changes: Partial<GroupSettings>): void {
    const settings = { ...this.settings, ...changes };
    this.save(settings);
    this.settings = settings;
  }

  save(settings = this.settings): void {
    writeFileAtomic(path.join(this.dir, settingsFile), `${JSON.stringify(settings, null, 1)}\n`);
  }

  removeAll(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }

  private get streams(): Map<string, StreamFile> {
    this.loaded ??= new Map(
      readdirSync(this.dir)
        .filter((name) => name.endsWith(".log"))
        .flatMap((name) => this.open(path.join(this.dir, name)))
        .map((stream) => [stream.name, stream]),
    );
    return this.loaded;
  }

  private open(file: string): StreamFile[] {
    try {
      return [new StreamFile(file)];
    } catch (error) {
      setAside(file, error as Error, this.log);
      return [];
    }
  }
}

/** All log groups, by region: a directory each, below `<dir>/<region>/`. */
export class LogStore {
  private readonly dir: string;
  private readonly log: (line: string) => void;
  private readonly regions = new Map<string, Map<string, LogGroup>>();

  constructor(dir: string, log: (line: string) => void) {
    this.dir = dir;
    this.log = log;
  }

  /** In the order of their names. */
  all(region: string): LogGroup[] {
    return [...this.groups(region).values()].sort((a, b) => (a.settings.name < b.settings.name ? -1 : 1));
  }

  has(region: string, name: string): boolean {
    return this.groups(region).has(name);
  }

  /** Throws CloudWatch's answer for a group that does not exist. */
  get(region: string, name: string): LogGroup {
    const group = this.groups(region).get(name);
    if (!group) throw notFound("group");
    return group;
  }

  create(region: string, name: string, settings: Partial<GroupSettings>, now: number): LogGroup {
    if (this.groups(region).has(name)) throw alreadyExists("group");
    const dir = path.join(this.dir, fileNameFor(region), fileNameFor(name));
    const whole = { format, name, creationTime: now, logGroupClass: "STANDARD", tags: {}, ...settings };
    const group = new LogGroup(dir, whole, this.log);
    group.save();
    this.groups(region).set(name, group);
    return group;
  }

  remove(region: string, name: string): void {
    this.get(region, name).removeAll();
    this.groups(region).delete(name);
  }

  /** Adds to a stream, which is made when it is not there, with its group: so does AWS's own agent. */
  write(
    region: string,
    groupName: string,
    streamName: string,
    events: readonly LogEvent[],
    now: number,
  ): void {
    const group = this.groups(region).get(groupName) ?? this.create(region, groupName, {}, now);
    (group.find(streamName) ?? group.create(streamName, now)).append(events, now);
  }

  /** CloudWatch Logs of a region, for jobs. */
  of(region: string): JobLogs {
    return { write: (group, stream, events, now) => this.write(region, group, stream, events, now) };
  }

  private groups(region: string): Map<string, LogGroup> {
    let groups = this.regions.get(region);
    if (!groups) {
      const dir = path.join(this.dir, fileNameFor(region));
      const names = existsSync(dir) ? readdirSync(dir) : [];
      groups = new Map(names.flatMap((name) => this.open(path.join(dir, name))));
      this.regions.set(region, groups);
    }
    return groups;
  }

  private open(dir: string): [string, LogGroup][] {
    const file = path.join(dir, settingsFile);
    if (!existsSync(file)) return []; // set aside, or no group at all
    try {
      const settings: GroupSettings = JSON.parse(readFileSync(file, "utf8"));
      return [[settings.name, new LogGroup(dir, settings, this.log)]];
    } catch (error) {
      setAside(file, error as Error, this.log);
      return [];
    }
  }
}
