import { notFound } from "./errors.ts";
import { type JobRecord, jobKey } from "./record.ts";
import { RecordStore } from "./recordStore.ts";

/** The training jobs of all regions. */
export class JobStore extends RecordStore<JobRecord> {
  private readonly moved: (record: JobRecord) => void;
  /** Where each job was when it was last kept. */
  private readonly known = new Map<string, string>();

  /** @param moved told each job that is in another status than before, once it is kept */
  constructor(
    dir: string,
    log: (line: string) => void,
    moved: (record: JobRecord) => void = () => undefined,
  ) {
    super({ what: "training job", nameOf: ({ request }) => request?.TrainingJobName }, dir, log);
    this.moved = moved;
    for (const record of this.all()) this.known.set(jobKey(record), record.secondaryStatus);
  }

  override save(record: JobRecord): void {
    super.save(record);
    const key = jobKey(record);
    if (this.known.get(key) === record.secondaryStatus) return;
    this.known.set(key, record.secondaryStatus);
    this.moved(record);
  }

  override remove(record: JobRecord): void {
    super.remove(record);
    this.known.delete(jobKey(record));
  }

  /** Throws SageMaker's "Requested resource not found." */
  get(name: string, region: string): JobRecord {
    const record = this.find(name, region);
    if (!record) throw notFound();
    return record;
  }
}
