import * as pulumi from "@pulumi/pulumi";

/**
 * What another stack hands on, secrets in plain text; undefined where there is no such stack. Asks as a StackReference does, but of that a
 * stack which is not there ends the program, and says no more than that it is unknown.
 *
 * @param name as a StackReference names it, such as `organization/training/dev`
 * @throws Error what the backend says, where the stack cannot be read
 */
export async function stackOutputs(name: string): Promise<Record<string, unknown> | undefined> {
  try {
    const { outputs } = await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name });
    return outputs;
  } catch (error) {
    if (/unknown stack/.test((error as Error).message)) return undefined;
    throw error;
  }
}
