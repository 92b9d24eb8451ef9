import { notFound } from "./errors.ts";
import type { JobRecord } from "./record.ts";
import { RecordStore } from "./recordStore.ts";

/** The training jobs of all regions. */
export class JobStore extends RecordStore<JobRecord> {
  constructor(dir: string, log: (line: string) => void) {
    super({ what: "training job", nameOf: ({ request }) => request?.TrainingJobName }, dir, log);
  }

  /** Throws SageMaker's "Requested resource not found." */
  get(name: string, region: string): JobRecord {
    const record = this.find(name, region);
    if (!record) throw notFound();
    return record;
  }
}
