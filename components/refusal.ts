import * as pulumi from "@pulumi/pulumi";

/**
 * A user's mistake that shows only when an output is there. It ends the program with just this line: of an error that rejects an output
 * the SDK makes `error serializing property "a": error serializing property "b": ...`, one for each value that waits for it.
 */
export function refusal(text: string): pulumi.RunError {
  return Object.defineProperty(new pulumi.RunError(text), "message", { get: () => text, set: () => {} });
}
