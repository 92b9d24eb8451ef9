import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";

/** What a policy sees of a resource, alone or as one of the stack. */
export type Resource = Pick<ResourceValidationArgs | PolicyResource, "type" | "name" | "props" | "provider">;
