import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { FaultInjector } from "../../../../local/aws/faults/faults.ts";
import { ACCOUNT } from "../../../../local/aws/front/caller.ts";
import { jobName } from "../../../../local/aws/sagemaker/record.ts";
import { SageMakerService } from "../../../../local/aws/sagemaker/service.ts";
import { JobStore } from "../../../../local/aws/sagemaker/store.ts";
import { TrainingJobs } from "../../../../local/aws/sagemaker/trainingJobs.ts";

export const region = "eu-west-1";
export const caller = { accessKey: "key", region, service: "sagemaker", account: ACCOUNT };

/** The SageMaker service with jobs that nothing runs, in a folder of its own. */
export class ServiceUnderTest {
  readonly dir = mkdtempSync(path.join(tmpdir(), "jobs-"));
  readonly store = new JobStore(this.dir, () => undefined);
  readonly started: string[] = [];
  readonly stopped: string[] = [];
  readonly faults = new FaultInjector();
  /** Milliseconds. */
  now = 1000;
  checkRole: () => Promise<number> = async () => 0;
  checkLocations: () => Promise<void> = async () => {};
  readonly service: SageMakerService;

  constructor() {
    const jobs = new TrainingJobs({
      store: this.store,
      runner: {
        start: (job) => this.started.push(jobName(job)),
        stop: (job) => this.stopped.push(jobName(job)),
      },
      faults: this.faults,
      checkRole: () => this.checkRole(),
      checkLocations: () => this.checkLocations(),
      optMl: false,
      now: () => this.now,
    });
    this.service = new SageMakerService(jobs, {}, [this.store], () => undefined);
  }

  async call(operation: string, input: object, from = caller) {
    const answer = await this.service.handle(operation, Buffer.from(JSON.stringify(input)), from);
    return { status: answer.status, body: answer.body as Record<string, unknown> };
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}
