import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { refusal } from "../refusal";
import type { InService } from "./judge";

/** The output of a deploy stack that tells the model it serves. */
const OUTPUT = "modelInService";

/** As far as it matters here: another release may tell more, or less. */
const shape = z.object({ trainingJobName: z.string(), metrics: z.record(z.string(), z.unknown()) });

export interface Service {
  model?: InService;
  /** Why there is none. */
  none?: string;
}

/**
 * What a stack serves now. Asks as a StackReference does, but for one thing: of that, a stack which is not there ends the program, and
 * the first model is trained before there is anything to serve it.
 *
 * @param stack as a StackReference names it, such as `organization/training-deploy/local`
 */
export async function serviceOf(stack: string): Promise<Service> {
  const read = await readOutputs(stack);
  if (!read) return { none: `there is no stack ${stack}` };
  const model = read[OUTPUT];
  if (model === undefined || model === null) return { none: `the stack ${stack} has no output ${OUTPUT}` };
  const parsed = shape.safeParse(model);
  if (parsed.success) return { model: parsed.data as InService };
  const [{ path, message }] = parsed.error.issues;
  throw refusal(
    `training:gate.betterThan: ${OUTPUT} of the stack ${stack} is no model: ${[...path, message].join(": ")}. ` +
      "Name the stack that serves models, or leave betterThan out.",
  );
}

async function readOutputs(name: string): Promise<Record<string, unknown> | undefined> {
  try {
    const { outputs } = await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name });
    return outputs;
  } catch (error) {
    const { message } = error as Error;
    if (/unknown stack/.test(message)) return undefined;
    throw refusal(
      `training:gate.betterThan: the stack ${name} cannot be read: ${message}\n` +
        "Next: name it as ORGANIZATION/PROJECT/STACK (organization/PROJECT/STACK in a bucket or a folder), and see that `pulumi stack ls --all` shows it.",
    );
  }
}
