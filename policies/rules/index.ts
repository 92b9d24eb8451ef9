import type { Policies } from "@pulumi/policy";
import { exemptible } from "../lib/exempt";
import { guarded } from "../lib/guarded";
import { allowedInstanceTypes } from "./allowedInstanceTypes";
import { allowedRegions } from "./allowedRegions";
import { checkpointWithSpot } from "./checkpointWithSpot";
import { instanceCountLimit } from "./instanceCountLimit";
import { interContainerEncryption } from "./interContainerEncryption";
import { kmsKeysRequired } from "./kmsKeysRequired";
import { leastPrivilegeRole } from "./leastPrivilegeRole";
import { managedSpotRequired } from "./managedSpotRequired";
import { maxRunLimit } from "./maxRunLimit";
import { maxWaitLimit } from "./maxWaitLimit";
import { modelArtifactOutput } from "./modelArtifactOutput";
import { networkIsolationOrVpc } from "./networkIsolationOrVpc";
import { noPlaintextCredentials } from "./noPlaintextCredentials";
import { privateBuckets } from "./privateBuckets";
import { requiredTags } from "./requiredTags";
import { stackCostLimit } from "./stackCostLimit";
import { stackInstanceLimit } from "./stackInstanceLimit";
import { trainingCompleted } from "./trainingCompleted";
import { trustedImage } from "./trustedImage";
import { warmPoolLimit } from "./warmPoolLimit";
import { worstCaseCostLimit } from "./worstCaseCostLimit";

const guardedAll = (policies: Policies): Policies => policies.map((policy) => guarded(exemptible(policy)));

/** Rules on what training may cost. */
export const moneyRules: Policies = guardedAll([
  managedSpotRequired,
  maxRunLimit,
  maxWaitLimit,
  allowedInstanceTypes,
  allowedRegions,
  instanceCountLimit,
  stackInstanceLimit,
  worstCaseCostLimit,
  stackCostLimit,
  warmPoolLimit,
]);

/** Rules on what training must keep, and must not give away. */
export const safetyRules: Policies = guardedAll([
  checkpointWithSpot,
  modelArtifactOutput,
  trainingCompleted,
  networkIsolationOrVpc,
  interContainerEncryption,
  kmsKeysRequired,
  noPlaintextCredentials,
  leastPrivilegeRole,
  privateBuckets,
  requiredTags,
  trustedImage,
]);

/** Every rule of the pack, in the order of its documentation. */
export const rules: Policies = [...moneyRules, ...safetyRules];
