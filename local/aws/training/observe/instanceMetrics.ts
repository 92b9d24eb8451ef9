import { readdirSync, readFileSync, statfsSync } from "node:fs";
import { totalmem } from "node:os";
import type { CloudWatchClient, MetricDatum } from "@aws-sdk/client-cloudwatch";
import { putMetrics } from "./metrics.ts";

/** SageMaker sends these every minute; local jobs are short. */
const intervalMs = 15_000;
/** Linux counts processor time in hundredths of a second. */
const ticksPerSecond = 100;
const pageBytes = 4096;

/** What a process group has used. */
export interface Usage {
  /** Seconds of processor time so far. */
  cpuSeconds: number;
  /** Bytes in memory now. */
  memoryBytes: number;
}

interface Host {
  /** Value of the dimension: `<job>/algo-N`. */
  name: string;
  /** Process group. */
  group: number;
  /** Of the job's region. */
  cloudwatch: CloudWatchClient;
  last: { usage: Usage; time: number };
}

/** Sends CPUUtilization, MemoryUtilization and DiskUtilization of all running hosts to CloudWatch. Linux only. */
export class InstanceMetrics {
  private readonly dir: string;
  private readonly log: (line: string) => void;
  private readonly hosts = new Set<Host>();
  private timer: NodeJS.Timeout | undefined;

  /** `dir`: where the jobs' data lies. */
  constructor(dir: string, log: (line: string) => void) {
    this.dir = dir;
    this.log = log;
  }

  /** Watches a host until the returned function is called, just before or after its processes end. */
  watch(name: string, group: number, cloudwatch: CloudWatchClient): () => void {
    const host = {
      name,
      group,
      cloudwatch,
      last: { usage: { cpuSeconds: 0, memoryBytes: 0 }, time: Date.now() },
    };
    this.hosts.add(host);
    this.timer ??= setInterval(() => this.send(), intervalMs).unref();
    return () => {
      this.hosts.delete(host);
      if (this.hosts.size > 0) return;
      clearInterval(this.timer);
      this.timer = undefined;
    };
  }

  private send(): void {
    const usages = readUsages();
    const now = Date.now();
    for (const host of this.hosts) {
      const usage = usages.get(host.group);
      if (!usage) continue;
      const values = {
        CPUUtilization: cpuPercent(host.last, { usage, time: now }),
        MemoryUtilization: (100 * usage.memoryBytes) / totalmem(),
        DiskUtilization: this.diskPercent(),
      };
      host.last = { usage, time: now };
      const data = Object.entries(values).map(([MetricName, Value]): MetricDatum => {
        const Dimensions = [{ Name: "Host", Value: host.name }];
        return { MetricName, Value, Unit: "Percent", Timestamp: new Date(now), Dimensions };
      });
      putMetrics(host.cloudwatch, data).catch((error: Error) =>
        this.log(`instance metrics: ${error.message}`),
      );
    }
  }

  private diskPercent(): number {
    const { blocks, bfree } = statfsSync(this.dir);
    return blocks === 0 ? 0 : (100 * (blocks - bfree)) / blocks;
  }
}

/** Percent of one core, so that two busy cores are 200, as on SageMaker. */
export function cpuPercent(before: Host["last"], after: Host["last"]): number {
  const seconds = (after.time - before.time) / 1000;
  // Processes that ended take their time with them.
  const used = Math.max(0, after.usage.cpuSeconds - before.usage.cpuSeconds);
  return seconds <= 0 ? 0 : (100 * used) / seconds;
}

/** The use of every process group, from one look at /proc. */
function readUsages(): Map<number, Usage> {
  const usages = new Map<number, Usage>();
  let pids: string[];
  try {
    pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return usages;
  }
  for (const pid of pids) {
    try {
      addUsage(usages, readFileSync(`/proc/${pid}/stat`, "utf8"));
    } catch {
      // It ended meanwhile.
    }
  }
  return usages;
}

/** Adds a line of /proc/PID/stat to its group. */
export function addUsage(usages: Map<number, Usage>, stat: string): void {
  // The name in parentheses may hold spaces; counted from the state after it: group 2, times 11 and 12, pages 21.
  const fields = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const usage = usages.get(fields[2]) ?? { cpuSeconds: 0, memoryBytes: 0 };
  usage.cpuSeconds += (fields[11] + fields[12]) / ticksPerSecond;
  usage.memoryBytes += fields[21] * pageBytes;
  usages.set(fields[2], usage);
}
