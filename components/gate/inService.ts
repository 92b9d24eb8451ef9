import { z } from "zod";
import { storeOwner } from "../keptBucket";
import { refusal } from "../refusal";
import { stackOutputs } from "../stackOutputs";
import { didYouMean } from "../trainingJob/args/didYouMean";
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

/** The stack that serves this one's model unless somebody calls it otherwise: `npm run deploy` makes it. */
function ownDeployStack(): string {
  const { organization, stack } = storeOwner("");
  return `${organization}/training-deploy/${stack}`;
}

/**
 * What a stack serves now. The first model is trained before there is anything to serve it. Only of this stack's own deploy stack that is
 * taken for granted: with any other name it may as well be misspelt, and everything would pass.
 *
 * @param stack as a StackReference names it, such as `organization/training-deploy/local`
 */
export async function serviceOf(stack: string): Promise<Service> {
  const own = ownDeployStack();
  const read = await readOutputs(stack);
  if (!read) {
    if (stack === own) return { none: `there is no stack ${stack}` };
    throw refusal(
      `training:gate.betterThan: there is no stack ${stack}${didYouMean(stack, [own])}\n` +
        `Next: name the stack that serves models; one that is to serve its first needs no more than \`pulumi stack init ${stack}\` in the ` +
        "folder of its program, such as deploy/.",
    );
  }
  const model = read[OUTPUT];
  if (model === undefined || model === null) return servesNone(stack, read, own);
  const parsed = shape.safeParse(model);
  if (parsed.success) return { model: parsed.data as InService };
  const [{ path, message }] = parsed.error.issues;
  throw refusal(
    `training:gate.betterThan: ${OUTPUT} of the stack ${stack} is no model: ${[...path, message].join(": ")}. ` +
      "Name the stack that serves models, or leave betterThan out.",
  );
}

/** A stack without outputs may be one that has not served yet; of one with others it is known that it is another kind of stack. */
function servesNone(stack: string, outputs: Record<string, unknown>, own: string): Service {
  const names = Object.keys(outputs);
  if (names.length === 0 || OUTPUT in outputs || "endpointName" in outputs)
    return { none: `the stack ${stack} serves none yet` };
  throw refusal(
    `training:gate.betterThan: the stack ${stack} has no output ${OUTPUT} (it has ${names.join(", ")}).\n` +
      `Next: name the stack that serves models, such as ${own}, or leave betterThan out.`,
  );
}

async function readOutputs(name: string): Promise<Record<string, unknown> | undefined> {
  try {
    return await stackOutputs(name);
  } catch (error) {
    throw refusal(
      `training:gate.betterThan: the stack ${name} cannot be read: ${(error as Error).message}\n` +
        "Next: name it as ORGANIZATION/PROJECT/STACK (organization/PROJECT/STACK in a bucket or a folder), and see that `pulumi stack ls --all` shows it.",
    );
  }
}
