import { existsSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import type { StateFiles } from "../stateFiles.ts";
import type { LogEvent } from "./events.ts";
import type { LogStore } from "./store.ts";

/** Larger files would take the server's memory and half a minute: they are kept aside, unread. */
const maxBytes = 128 * 1024 * 1024;

interface EarlierGroup {
  creationTime: number;
  retentionInDays?: number | null;
  kmsKeyId?: string | null;
  logGroupClass?: string;
  tags?: Record<string, string>;
  streams?: Record<string, { events: (LogEvent & { ingestionTime?: number })[] }>;
}

/** Takes over the logs of a state of an earlier version, which lie in one file of ministack's and in copies. */
export function takeOverLogs(store: LogStore, files: StateFiles, log: (line: string) => void): void {
  const file = path.join(files.ministack, "state", "cloudwatch_logs.json");
  if (!existsSync(file)) return;
  const aside = path.join(files.home, "logs-of-earlier-version.json");
  try {
    const { size } = statSync(file);
    if (size > maxBytes) throw new Error(`it has ${Math.round(size / 1e6)} MB`);
    const { payload } = JSON.parse(readFileSync(file, "utf8"));
    const groups: Record<string, EarlierGroup> = payload.log_groups.data;
    for (const [key, group] of Object.entries(groups)) takeOver(store, key, group);
    rmSync(file);
    rmSync(files.earlierLogs, { recursive: true, force: true });
  } catch (error) {
    renameSync(file, aside);
    log(`logs of an earlier version are not taken over: ${(error as Error).message}; they are in ${aside}`);
  }
}

/** The key is account, region and the name in Python's quotes. */
function takeOver(store: LogStore, key: string, group: EarlierGroup): void {
  const [, region, quoted] = key.split("\0");
  const name = quoted.slice(1, -1);
  // A start that was killed here may have made a part of it, and nothing else has written to it since.
  if (store.has(region, name)) store.remove(region, name);
  const made = store.create(
    region,
    name,
    {
      creationTime: group.creationTime,
      retentionInDays: group.retentionInDays ?? undefined,
      kmsKeyId: group.kmsKeyId ?? undefined,
      logGroupClass: group.logGroupClass ?? "STANDARD",
      tags: group.tags ?? {},
    },
    group.creationTime,
  );
  for (const [stream, { events }] of Object.entries(group.streams ?? {})) {
    const sorted = [...events].sort((a, b) => a.timestamp - b.timestamp);
    const created = sorted[0]?.timestamp ?? group.creationTime;
    made.create(stream, created).append(sorted, sorted.at(-1)?.ingestionTime ?? created);
  }
}
