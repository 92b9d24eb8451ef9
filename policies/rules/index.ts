import type { Policies } from "@pulumi/policy";
import { exemptible } from "../lib/exempt";
import { guarded } from "../lib/guarded";
import { didYouMean } from "../lib/names";
import { allowedInstanceTypes } from "./allowedInstanceTypes";
import { allowedRegions } from "./allowedRegions";
import { checkpointWithSpot } from "./checkpointWithSpot";
import { endpointCostLimit } from "./endpointCostLimit";
import { instanceCountLimit } from "./instanceCountLimit";
import { interContainerEncryption } from "./interContainerEncryption";
import { kmsKeysRequired } from "./kmsKeysRequired";
import { leastPrivilegeRole } from "./leastPrivilegeRole";
import { managedSpotRequired } from "./managedSpotRequired";
import { maxRunLimit } from "./maxRunLimit";
import { maxWaitLimit } from "./maxWaitLimit";
import { described } from "./metadata";
import { modelArtifactOutput } from "./modelArtifactOutput";
import { networkIsolationOrVpc } from "./networkIsolationOrVpc";
import { noOtherWayToTrain } from "./noOtherWayToTrain";
import { noPlaintextCredentials } from "./noPlaintextCredentials";
import { noRemoteDebug } from "./noRemoteDebug";
import { privateBuckets } from "./privateBuckets";
import { requiredTags } from "./requiredTags";
import { runningMachinesLimit } from "./runningMachinesLimit";
import { serverlessEndpointLimit } from "./serverlessEndpointLimit";
import { stackCostLimit } from "./stackCostLimit";
import { stackInstanceLimit } from "./stackInstanceLimit";
import { trainingCompleted } from "./trainingCompleted";
import { trustedImage } from "./trustedImage";
import { warmPoolLimit } from "./warmPoolLimit";
import { worstCaseCostLimit } from "./worstCaseCostLimit";

const guardedAll = (policies: Policies): Policies =>
  policies.map((policy) => described(guarded(exemptible(policy))));

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
  runningMachinesLimit,
  endpointCostLimit,
  serverlessEndpointLimit,
]);

/** Rules on what training must keep, and must not give away. */
export const safetyRules: Policies = guardedAll([
  checkpointWithSpot,
  modelArtifactOutput,
  trainingCompleted,
  networkIsolationOrVpc,
  interContainerEncryption,
  noRemoteDebug,
  kmsKeysRequired,
  noPlaintextCredentials,
  leastPrivilegeRole,
  privateBuckets,
  requiredTags,
  trustedImage,
  noOtherWayToTrain,
]);

/** Every rule of the pack, in the order of its documentation. */
export const rules: Policies = [...moneyRules, ...safetyRules];

/** Rules by their names, for a policy pack of one's own. Throws for a name that no rule has. */
export function select(...names: string[]): Policies {
  return names.map((name) => {
    const rule = rules.find((each) => each.name === name);
    if (rule === undefined) {
      const meant = didYouMean(
        name,
        rules.map((each) => each.name),
      );
      throw new Error(`there is no rule "${name}"${meant}`);
    }
    return rule;
  });
}
