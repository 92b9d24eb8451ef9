import { isUtf8 } from "node:buffer";
import type { Caller } from "../front/caller.ts";
import { AwsError } from "./errors.ts";
import type { ServiceModel } from "./model/model.ts";
import { validateRequest } from "./model/validate.ts";

export type Operations = Record<string, (input: never, caller: Caller) => unknown>;

export interface ServiceWords {
  /** As in `The local SageMaker does not serve ...`. */
  name: string;
  /** Goes before the list of what is served. */
  serves: string;
  model: ServiceModel;
  /** Code of an answer to a request that does not fit the model, and to a fault of this service. */
  codes: { invalid: string; internal: string };
  log: (line: string) => void;
}

/** Carries out a call over awsJson1_1: parses, validates against the service model, dispatches, words errors. Never rejects. */
export async function carryOut(
  operations: Operations,
  words: ServiceWords,
  call: { operation: string; body: Buffer; caller: Caller },
): Promise<{ status: number; body: unknown }> {
  const { operation, body, caller } = call;
  try {
    const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
    if (!run) {
      const served = Object.keys(operations).join(", ");
      throw new AwsError(
        "UnknownOperationException",
        `The local ${words.name} does not serve ${operation || "a call without an operation"}. It serves ${words.serves}${served}.`,
      );
    }
    const input = parse(body);
    validateRequest(operation, input, words.model, words.codes.invalid);
    return { status: 200, body: await run(input as never, caller) };
  } catch (error) {
    if (error instanceof AwsError) {
      return { status: error.status, body: { __type: error.code, message: error.message } };
    }
    words.log(
      `${words.name}: ${operation}: ${error instanceof Error ? (error.stack ?? error.message) : error}`,
    );
    const message = error instanceof Error ? error.message : String(error);
    return { status: 500, body: { __type: words.codes.internal, message } };
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
