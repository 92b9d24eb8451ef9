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
