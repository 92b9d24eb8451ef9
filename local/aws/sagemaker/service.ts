import type { Caller } from "../front/caller.ts";
import type { JsonService } from "../front/front.ts";
import { carryOut, type Operations, type ServiceWords } from "./awsJson.ts";
import { serviceModel } from "./model/model.ts";
import type { JobStore } from "./store.ts";
import { addTags, deleteTags, listTags } from "./tags.ts";
import type { TrainingJobs } from "./trainingJobs.ts";

/** The training jobs of SageMaker's API. */
export class SageMakerService implements JsonService {
  private readonly operations: Operations;
  private readonly words: ServiceWords;

  constructor(jobs: TrainingJobs, store: JobStore, log: (line: string) => void) {
    this.words = {
      name: "SageMaker",
      serves: "training jobs: ",
      model: serviceModel,
      codes: { invalid: "ValidationException", internal: "InternalFailure" },
      log,
    };
    this.operations = {
      CreateTrainingJob: jobs.create.bind(jobs),
      DescribeTrainingJob: jobs.describe.bind(jobs),
      ListTrainingJobs: jobs.list.bind(jobs),
      StopTrainingJob: jobs.stop.bind(jobs),
      DeleteTrainingJob: jobs.delete.bind(jobs),
      UpdateTrainingJob: jobs.update.bind(jobs),
      AddTags: (input: Parameters<typeof addTags>[1]) => addTags([store], input),
      ListTags: (input: Parameters<typeof listTags>[1]) => listTags([store], input),
      DeleteTags: (input: Parameters<typeof deleteTags>[1]) => deleteTags([store], input),
    };
  }

  handle(operation: string, body: Buffer, caller: Caller): Promise<{ status: number; body: unknown }> {
    return carryOut(this.operations, this.words, { operation, body, caller });
  }
}
