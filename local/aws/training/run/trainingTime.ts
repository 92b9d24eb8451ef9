import { isSpot, type JobRecord } from "../../sagemaker/record.ts";

/** Counts the time that a job has its instances, over all its attempts. */
export class TrainingTime {
  private readonly now: () => number;
  private ms = 0;
  private since: number | undefined;

  constructor(now: () => number) {
    this.now = now;
  }

  start(): void {
    this.since = this.now();
  }

  end(): void {
    if (this.since !== undefined) this.ms += this.now() - this.since;
    this.since = undefined;
  }

  /** Writes times, billing and the warm pool of a job that is over into its record. */
  close(record: JobRecord, spotPriceRatio: number): void {
    this.end();
    record.processes = [];
    if (record.trainingStartTime === undefined) return;
    record.trainingEndTime = this.now();
    record.trainingSeconds = Math.max(1, Math.round(this.ms / 1000));
    record.billableSeconds = Math.ceil(record.trainingSeconds * (isSpot(record) ? spotPriceRatio : 1));
    if (record.warmPool) record.warmPool.availableSince = record.trainingEndTime;
  }
}
