import * as pulumi from "@pulumi/pulumi";
import { isKeptFor, type StoreOwner, storeMarkUri } from "./trainingJob/identity/storeMark";
import type { Region } from "./trainingJob/run/region";

/** As many buckets with the store's name are asked whose they are: more would hold up each preview. */
const MOST = 100;

/** Unit tests of a program may have none. */
function organization(): string {
  try {
    return pulumi.getOrganization();
  } catch {
    return "";
  }
}

/** The stack, as the owner of a store of that name. */
export const storeOwner = (store: string): StoreOwner => ({
  organization: organization(),
  project: pulumi.getProject(),
  stack: pulumi.getStack(),
  store,
});

/**
 * The bucket that a destroy of this very stack kept, to be taken up again. Asked for only while the stack has no outputs, so that what it
 * has is never exchanged; and what S3 does not let see is not known, which is said and holds nothing up.
 *
 * @param prefix what the names of the store's buckets begin with
 * @param resource the row that it is said on
 */
export async function keptBucket(
  owner: StoreOwner,
  prefix: string,
  resource: pulumi.Resource,
  here: () => Pick<Region, "name" | "api"> = stackRegion,
): Promise<string | undefined> {
  try {
    if (!(await isNew(owner))) return undefined;
    const kept = await keptBuckets(owner, prefix, here());
    if (kept.length > 1) {
      void pulumi.log.warn(
        `Destroys of this stack kept several buckets: ${kept.join(", ")}. A new one is made. ` +
          `To go on in one of them: pulumi config set training:bucketName ${kept[0]}`,
        resource,
      );
      return undefined;
    }
    const [bucket] = kept;
    if (bucket) void pulumi.log.info(`Taken up again: the bucket ${bucket}, kept by a destroy.`, resource);
    return bucket;
  } catch (error) {
    void pulumi.log.info(
      `Whether an earlier destroy of this stack kept a bucket is not known (${(error as Error).message}): a new one is made. ` +
        "`pulumi config set training:bucketName NAME` goes on in one that is there.",
      resource,
    );
    return undefined;
  }
}

async function keptBuckets(
  owner: StoreOwner,
  prefix: string,
  { name, api }: Pick<Region, "name" | "api">,
): Promise<string[]> {
  const buckets = await api.buckets(prefix);
  if (buckets.length > MOST) throw new Error(`${buckets.length} buckets begin with ${prefix}`);
  const marks = await Promise.all(buckets.map((bucket) => api.readJson(storeMarkUri(bucket))));
  return buckets.filter((_, at) => isKeptFor(owner, name, marks[at]));
}

/** Whether nothing was ever deployed to its end, or all of it is destroyed: an update that fails keeps the outputs of the one before. */
async function isNew({ organization, project, stack }: StoreOwner): Promise<boolean> {
  const name = [organization, project, stack].join("/");
  const { outputs } = await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name });
  return Object.keys(outputs).length === 0;
}

/** AWS as the stack's own resources see it. Loaded only to look: a stack that was deployed before needs none of it. */
function stackRegion(): Region {
  const { systemClock } =
    require("./trainingJob/engine/clock") as typeof import("./trainingJob/engine/clock");
  const { awsRegion } =
    require("./trainingJob/run/awsRegion") as typeof import("./trainingJob/run/awsRegion");
  return awsRegion(systemClock)(undefined, (key) => pulumi.runtime.getConfig(key));
}
