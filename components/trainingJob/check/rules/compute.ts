import { type Failures, shown } from "../../args/failures";
import { isUnknown } from "../../args/unknown";
import type { View } from "../../args/view";
import { accountOf } from "./builtIns";
import { hasLocalNvme, isAccelerated, isUltraServer } from "./instanceTypes";
import { checkServerless } from "./serverless";
import { checkTimes } from "./times";

/** Rules across the properties that say what runs, on which machines and for how long. */
export function checkCompute(view: View, failures: Failures): void {
  if (view.has("serverlessJobConfig")) {
    checkServerless(view, failures);
    checkTimes(view, failures);
    return;
  }
  if (view.has("modelPackageConfig")) {
    failures.add("modelPackageConfig", "belongs to a serverless job; set serverlessJobConfig, or remove it");
  }
  checkNeeded(view, failures);
  checkAlgorithm(view, failures);
  checkMachines(view, failures);
  checkPreferences(view, failures);
  checkVolumeKey(view, failures);
  checkVolume(view, failures);
  checkPlans(view, failures);
  checkEffects(view, failures);
  checkTimes(view, failures);
}

function checkNeeded(view: View, failures: Failures): void {
  if (!view.has("algorithmSpecification")) {
    failures.add("algorithmSpecification", "is missing; set its trainingImage or algorithmName");
  }
  if (!view.has("resourceConfig")) {
    failures.add("resourceConfig", "is missing; set its instanceType");
  }
}

function checkAlgorithm(view: View, failures: Failures): void {
  const algorithm = "algorithmSpecification";
  const image = view.has(`${algorithm}.trainingImage`);
  const name = view.has(`${algorithm}.algorithmName`);
  if (image && name && view.isObject(algorithm)) {
    failures.add(`${algorithm}.algorithmName`, "excludes trainingImage; remove one of the two");
  }
  if (view.isObject(algorithm) && !image && !name) {
    failures.add(`${algorithm}.trainingImage`, "is missing; set it, or algorithmName");
  }
  const given = view.text(`${algorithm}.algorithmName`);
  if (given?.startsWith("arn:") && !/:algorithm\//.test(given)) {
    failures.add(`${algorithm}.algorithmName`, `${shown("", given)} is not the ARN of an algorithm`);
  }
  const owner = /^arn:[^:]+:sagemaker:[^:]*:(\d{12}):/.exec(given ?? "")?.[1];
  const own = accountOf(view);
  if (owner && own && owner !== own && !view.maybe("enableNetworkIsolation", true)) {
    failures.add(
      "enableNetworkIsolation",
      "must be true: an algorithm of another account (AWS Marketplace) runs without a network only",
    );
  }
  checkRegistry(view, failures, `${algorithm}.trainingImageConfig`);
}

function checkRegistry(view: View, failures: Failures, config: string): void {
  if (view.is(`${config}.trainingRepositoryAccessMode`, "Vpc") && !view.has("vpcConfig")) {
    failures.add(
      "vpcConfig",
      "is missing; an image in a private registry (trainingRepositoryAccessMode Vpc) needs it",
    );
  }
  if (
    view.is(`${config}.trainingRepositoryAccessMode`, "Platform") &&
    view.has(`${config}.trainingRepositoryAuthConfig`)
  ) {
    failures.add(
      `${config}.trainingRepositoryAuthConfig`,
      'is for private registries only; set trainingRepositoryAccessMode to "Vpc" or remove it',
    );
  }
}

function checkMachines(view: View, failures: Failures): void {
  const resources = "resourceConfig";
  if (!view.isObject(resources)) {
    return;
  }
  const ways = ["instanceType", "instanceGroups", "instancePreferences"];
  const chosen = ways.filter((way) => view.has(`${resources}.${way}`));
  if (chosen.length === 0) {
    failures.add(`${resources}.instanceType`, "is missing; set it, or instanceGroups or instancePreferences");
  }
  for (const extra of chosen.slice(1)) {
    failures.add(`${resources}.${extra}`, `excludes ${chosen[0]}; remove one of the two`);
  }
  if (view.has(`${resources}.instanceGroups`) && view.has(`${resources}.instanceCount`)) {
    failures.add(
      `${resources}.instanceCount`,
      "excludes instanceGroups, where each group has its own; remove it",
    );
  }
  checkUnique(view, failures, `${resources}.instanceGroups`, "instanceGroupName");
}

/** Refuse a list in which two entries have the same name. */
export function checkUnique(view: View, failures: Failures, path: string, property: string): void {
  const seen = new Map<string, number>();
  for (const [index, entry] of view.list(path).entries()) {
    const name = entry.text(property);
    const before = name === undefined ? undefined : seen.get(name);
    if (name !== undefined && before !== undefined) {
      failures.add(
        `${path}[${index}].${property}`,
        `${shown("", name)} is already the name of ${path}[${before}]; each must be different`,
      );
    } else if (name !== undefined) {
      seen.set(name, index);
    }
  }
}

function checkPreferences(view: View, failures: Failures): void {
  const path = "resourceConfig.instancePreferences";
  const preferences = view.list(path);
  if (preferences.length === 0) {
    return;
  }
  checkUnique(view, failures, path, "instanceType");
  if (view.is("enableManagedSpotTraining", true)) {
    failures.add(path, "excludes managed spot training; remove it or spot");
  }
  if (view.has("resourceConfig.instancePlacementConfig")) {
    failures.add(
      "resourceConfig.instancePlacementConfig",
      "excludes instancePreferences; remove one of the two",
    );
  }
  const counted = preferences.filter((each) => each.has("instanceCount")).length;
  if (counted > 0 && view.has("resourceConfig.instanceCount")) {
    failures.add(
      "resourceConfig.instanceCount",
      "is also set in instancePreferences; set it in one of the two places",
    );
  } else if (counted > 0 && counted < preferences.length) {
    const index = preferences.findIndex((each) => !each.has("instanceCount"));
    failures.add(`${path}[${index}].instanceCount`, "is missing; set it on all preferences or on none");
  }
  for (const [index, each] of preferences.entries()) {
    if (each.has("trainingPlanArns") && view.has("resourceConfig.trainingPlanArn")) {
      failures.add(
        `${path}[${index}].trainingPlanArns`,
        "excludes resourceConfig.trainingPlanArn; remove one of the two",
      );
    }
  }
}

/** Capacity that was bought ahead is no spot capacity (own documentation of `trainingPlanArn`). */
function checkPlans(view: View, failures: Failures): void {
  // Machines that are not known yet may well have none.
  const planned = view.isObject("resourceConfig") && view.has("resourceConfig.trainingPlanArn");
  if (planned && view.is("enableManagedSpotTraining", true)) {
    failures.add(
      "resourceConfig.trainingPlanArn",
      "excludes managed spot training: the plan's capacity is paid for; remove it or spot",
    );
  }
}

/** Warn of settings that SageMaker takes and that do nothing on these machines, as far as the machines are known. */
function checkEffects(view: View, failures: Failures): void {
  const types = instanceTypes(view);
  if (types.length === 0) {
    return;
  }
  if (view.has("stoppingCondition.maxPendingTimeInSeconds") && !types.some(isAccelerated)) {
    failures.warn(
      "stoppingCondition.maxPendingTimeInSeconds",
      `has no effect on ${types.join(", ")}: it holds for accelerated types only (ml.p, ml.g, ml.trn)`,
    );
  }
  if (view.has("resourceConfig.instancePlacementConfig") && !types.some(isUltraServer)) {
    failures.warn(
      "resourceConfig.instancePlacementConfig",
      `is for UltraServer capacity, which ${types.join(", ")} is not known to be`,
    );
  }
}

/** All types that may be rented; none while one of them is not known. */
function instanceTypes(view: View): string[] {
  const lists = ["instanceGroups", "instancePreferences"].map((list) => `resourceConfig.${list}`);
  const types = [view, ...lists.flatMap((list) => view.list(list))].map((each) =>
    each.get(each === view ? "resourceConfig.instanceType" : "instanceType"),
  );
  const unknown = [...types, ...lists.map((list) => view.get(list))].some(isUnknown);
  return unknown ? [] : types.filter((type) => typeof type === "string");
}

function checkVolumeKey(view: View, failures: Failures): void {
  if (!view.has("resourceConfig.volumeKmsKeyId")) {
    return;
  }
  const types = [
    view.text("resourceConfig.instanceType"),
    ...view.list("resourceConfig.instanceGroups").map((group) => group.text("instanceType")),
    ...view.list("resourceConfig.instancePreferences").map((each) => each.text("instanceType")),
  ];
  const local = types.find((type) => type !== undefined && hasLocalNvme(type));
  if (local !== undefined) {
    failures.add(
      "resourceConfig.volumeKmsKeyId",
      `is refused for ${local}, whose local NVMe disks encrypt by themselves; remove it or choose a type without local disks`,
    );
  }
}

/** GB of the largest gp2 volume, which SageMaker provides (Amazon EC2, "Amazon EBS volume types"). */
const LARGEST_VOLUME = 16_384;

function checkVolume(view: View, failures: Failures): void {
  const path = "resourceConfig.volumeSizeInGB";
  const size = view.number(path) ?? 0;
  if (size > LARGEST_VOLUME) {
    failures.warn(path, `${size} GB is more than a volume has: at most ${LARGEST_VOLUME}`);
  }
}
