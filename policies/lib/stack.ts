import type { PolicyResource } from "@pulumi/policy";

/** The outputs of the stack, which the engine keeps as the properties of the stack's own resource. */
export function stackOutputs(resources: readonly PolicyResource[]): Record<string, unknown> {
  return resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.props ?? {};
}
