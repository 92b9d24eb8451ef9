import type { Caller } from "../front/caller.ts";
import type { JsonService } from "../front/front.ts";
import { carryOut, type Operations, type ServiceWords } from "./awsJson.ts";
import { serviceModel } from "./model/model.ts";
import { addTags, deleteTags, listTags, type TaggedStores } from "./tags.ts";
import type { TrainingJobs } from "./trainingJobs.ts";

/** Training jobs and hosting of SageMaker's API. */
export class SageMakerService implements JsonService {
  private readonly operations: Operations;
  private readonly words: ServiceWords;

  /**
   * @param hosting the operations on models, endpoint configurations and endpoints
   * @param tagged the stores of all that has tags
   */
  constructor(jobs: TrainingJobs, hosting: Operations, tagged: TaggedStores, log: (line: string) => void) {
    this.words = {
      name: "SageMaker",
      serves: "training jobs and endpoints: ",
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
      ...hosting,
      AddTags: (input: Parameters<typeof addTags>[1], caller: Caller) => addTags(tagged, input, caller),
      ListTags: (input: Parameters<typeof listTags>[1], caller: Caller) => listTags(tagged, input, caller),
      DeleteTags: (input: Parameters<typeof deleteTags>[1], caller: Caller) =>
        deleteTags(tagged, input, caller),
    };
  }

  handle(operation: string, body: Buffer, caller: Caller): Promise<{ status: number; body: unknown }> {
    return carryOut(this.operations, this.words, { operation, body, caller });
  }
}
