import type { Tag } from "@aws-sdk/client-sagemaker";
import { MARK_TAG } from "../trainingJob/identity/owner";
import type { RolloutApi } from "./api";

/** AWS, as far as it is looked at for an endpoint that no state has. */
export type Lookup = Pick<RolloutApi, "describe" | "tags">;

/** Whether an endpoint with these tags is that of the owner with this mark. */
export const isOwn = (tags: Tag[] | undefined, mark: string): boolean =>
  tags?.some(({ Key, Value }) => Key === MARK_TAG && Value === mark) ?? false;

/**
 * The name as what there is to import, where an endpoint with this mark has it: a deployment that was killed while SageMaker made it left it
 * in no state, and no other can be made by its name. To import what the state has changes nothing.
 */
export async function madeBefore(endpoint: string, mark: string, api: Lookup): Promise<string | undefined> {
  const found = await api.describe(endpoint);
  if (!found || found.status === "Deleting") return undefined;
  return isOwn(await api.tags(endpoint), mark) ? endpoint : undefined;
}

/**
 * Refuses to make an endpoint by a name that another one has, which AWS says too, but not before its model and role are made. One with the
 * mark is to be replaced, and goes before.
 */
export async function nameIsFree(endpoint: string, mark: string, lookup: () => Lookup): Promise<void> {
  const status = await statusOfOther(endpoint, mark, lookup).catch(() => undefined); // what cannot be seen is left to AWS
  if (status === undefined) return;
  throw new Error(
    `There is an endpoint ${endpoint} already (${status}), which is not in the state of this stack: somebody else made it, or this ` +
      "stack by other names of its resources.\nNext: name another one with training-deploy:endpointName, or give the resources an alias.",
  );
}

async function statusOfOther(
  endpoint: string,
  mark: string,
  lookup: () => Lookup,
): Promise<string | undefined> {
  const api = lookup();
  const found = await api.describe(endpoint);
  if (!found || found.status === "Deleting" || isOwn(await api.tags(endpoint), mark)) return undefined;
  return found.status;
}
