import { readFileSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem, type } from "node:os";

/** The machine in one line, without what tells whose it is. */
export function machine(): string {
  const gigabytes = Math.round(totalmem() / 1024 ** 3);
  const model = cpus()[0]?.model.trim() || "unknown CPU";
  return `${availableParallelism()} cores of ${model}, ${gigabytes} GB, ${system()}, Node ${process.versions.node}`;
}

function system(): string {
  try {
    const name = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1];
    if (name) return `${name} (${type()} ${release().split("-")[0]})`;
  } catch {
    // not Linux
  }
  return `${type()} ${release()}`;
}
