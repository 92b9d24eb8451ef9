import { isTerminal, type JobRecord } from "../../sagemaker/record.ts";

/** Hosts of jobs that run now: each has one process of this server's. */
export function runningHosts(records: JobRecord[]): number {
  return records.flatMap(({ status, processes }) => (isTerminal(status) ? [] : processes)).length;
}

/** Threads that wait for a core are slower than none: OpenMP's are busy while they wait. */
export function threadsEach(cores: number, hosts: number): number {
  return Math.max(1, Math.floor(cores / hosts));
}
