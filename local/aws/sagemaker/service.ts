import { isUtf8 } from "node:buffer";
import type { Caller } from "../front/caller.ts";
import type { JsonService } from "../front/front.ts";
import { AwsError } from "./errors.ts";
import { validateRequest } from "./model/validate.ts";
import type { JobStore } from "./store.ts";
import { addTags, deleteTags, listTags } from "./tags.ts";
import type { TrainingJobs } from "./trainingJobs.ts";

type Operation = (input: never, caller: Caller) => unknown;

/** SageMaker's API over awsJson1_1: parses, validates against the service model, dispatches, words errors. */
export class SageMakerService implements JsonService {
  private readonly operations: Record<string, Operation>;
  private readonly log: (line: string) => void;

  constructor(jobs: TrainingJobs, store: JobStore, log: (line: string) => void) {
    this.log = log;
    this.operations = {
      CreateTrainingJob: jobs.create.bind(jobs),
      DescribeTrainingJob: jobs.describe.bind(jobs),
      ListTrainingJobs: jobs.list.bind(jobs),
      StopTrainingJob: jobs.stop.bind(jobs),
      DeleteTrainingJob: jobs.delete.bind(jobs),
      UpdateTrainingJob: jobs.update.bind(jobs),
      AddTags: (input: Parameters<typeof addTags>[1]) => addTags(store, input),
      ListTags: (input: Parameters<typeof listTags>[1]) => listTags(store, input),
      DeleteTags: (input: Parameters<typeof deleteTags>[1]) => deleteTags(store, input),
    };
  }

  async handle(operation: string, body: Buffer, caller: Caller): Promise<{ status: number; body: unknown }> {
    try {
      const run = this.operations[operation];
      if (!run) {
        const served = Object.keys(this.operations).join(", ");
        throw new AwsError(
          "UnknownOperationException",
          `The local SageMaker does not serve ${operation}. It serves training jobs: ${served}.`,
        );
      }
      const input = parse(body);
      validateRequest(operation, input);
      const result = await run(input as never, caller);
      return { status: 200, body: result };
    } catch (error) {
      return this.failure(operation, error);
    }
  }

  private failure(operation: string, error: unknown) {
    if (error instanceof AwsError) {
      return { status: error.status, body: { __type: error.code, message: error.message } };
    }
    this.log(`${operation}: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
    const message = error instanceof Error ? error.message : String(error);
    return { status: 500, body: { __type: "InternalFailure", message } };
  }
}

function parse(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    if (isUtf8(body)) return JSON.parse(body.toString("utf8"));
  } catch {
    // Falls through to the error below.
  }
  throw new AwsError("SerializationException", "The request body is not valid JSON");
}
