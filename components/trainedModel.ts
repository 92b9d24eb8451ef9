import * as pulumi from "@pulumi/pulumi";
import type { Model } from "./model";

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
  const reference = new pulumi.StackReference(stack);
  const read = async (output: string) => {
    const { value, secretValue } = await reference.getOutputDetails(output);
    return value ?? secretValue;
  };
  const [model, bucket] = await Promise.all([read("model"), read("bucket")]);
  if (!model || typeof bucket !== "string") {
    const name = stack.split("/").at(-1);
    const first = name === "local" ? "npm start" : `pulumi up --stack ${stack}`;
    throw new pulumi.RunError(
      `The training stack ${stack} hands on no model yet (its outputs are model and bucket): \`${first}\` trains one, then deploy again.`,
    );
  }
  return { model: model as Model, bucket };
}
