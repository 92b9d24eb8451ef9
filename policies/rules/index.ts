import type { Policies } from "@pulumi/policy";
import { allowedInstanceTypes } from "./allowedInstanceTypes";
import { managedSpotRequired } from "./managedSpotRequired";
import { maxRunLimit } from "./maxRunLimit";
import { modelArtifactOutput } from "./modelArtifactOutput";

/** Every rule of the pack, in the order in which its documentation lists them. */
export const rules: Policies = [managedSpotRequired, maxRunLimit, allowedInstanceTypes, modelArtifactOutput];
