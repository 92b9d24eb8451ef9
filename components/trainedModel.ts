import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { Model } from "./model";
import { stackOutputs } from "./stackOutputs";

const KEY = "training-deploy:trainingStack";

/** As far as it matters to who serves it. */
const shape = z.object({
  artifact: z.string().regex(/^s3:\/\/[^/]+\/./, "is no S3 URI"),
  image: z.string(),
  trainingJobName: z.string(),
});

/** What a training stack hands on. */
export interface Trained {
  model: Model;
  /** The bucket of its artifacts. */
  bucket: string;
}

/** A training stack of the same name, in the same organization. */
const sameName = (): string => `${pulumi.getOrganization()}/training/${pulumi.getStack()}`;

/**
 * The model that a training stack hands on. A promise and no output: what it is decides about the names of what serves it.
 *
 * @param stack ORGANIZATION/PROJECT/STACK. Default: the stack of the project `training` that is called like this one
 */
export async function trainedModel(stack: string = sameName()): Promise<Trained> {
  const name = stack.split("/").at(-1);
  const first = name === "local" ? "npm start" : `pulumi up --stack ${stack}`;
  // Of a stack that is not there a StackReference says no more than that it is unknown.
  if (!(await isThere(stack))) {
    throw new pulumi.RunError(
      `There is no training stack ${stack}: \`${first}\` makes it and trains a model, or name another with ${KEY}.`,
    );
  }
  const reference = new pulumi.StackReference(stack);
  const read = async (output: string) => {
    const { value, secretValue } = await reference.getOutputDetails(output);
    return value ?? secretValue;
  };
  const [model, bucket] = await Promise.all([read("model"), read("bucket")]);
  if (!model || typeof bucket !== "string") {
    throw new pulumi.RunError(
      `The training stack ${stack} hands on no model yet (its outputs are model and bucket): \`${first}\` trains one, then deploy again.`,
    );
  }
  const parsed = shape.safeParse(model);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    throw new pulumi.RunError(
      `The output model of the stack ${stack} is none that can be served: ${[...path, message].join(": ")}. Name a training stack with ${KEY}.`,
    );
  }
  return { model: model as Model, bucket };
}

async function isThere(stack: string): Promise<boolean> {
  try {
    return (await stackOutputs(stack)) !== undefined;
  } catch (error) {
    throw new pulumi.RunError(
      `The training stack ${stack} cannot be read: ${(error as Error).message}\n` +
        `Next: name it with ${KEY} as ORGANIZATION/PROJECT/STACK (organization/PROJECT/STACK in a bucket or a folder), and see that ` +
        "`pulumi stack ls --all` shows it.",
    );
  }
}
