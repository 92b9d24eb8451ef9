import * as pulumi from "@pulumi/pulumi";
import { refusal } from "./refusal";
import { isDenied } from "./trainingJob/aws/denied";
import type { Patience } from "./trainingJob/aws/retries";
import { type StoreOwner, storeMarkUri, toldOf } from "./trainingJob/identity/storeMark";
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

/** What there is for a stack without outputs. */
export interface Kept {
  /** The bucket to take up. */
  bucket?: string;
  /** Buckets that say that a stack of this name has them: of a first deployment that did not come to its end it is this one. */
  inUse: string[];
  /** What the outputs call the stack's bucket: after a destroy that did not come to its end they are still there, and the bucket may not be. */
  had?: string;
}

/**
 * The bucket that a destroy of this very stack kept, to be taken up again. Asked for only while the stack has no outputs, and none where
 * a bucket says that the stack has it, so that what it has is never exchanged. What S3 does not let see is not known, which is said and
 * holds nothing up; a deployment waits for an S3 that does not answer, and ends where it goes on so: a new bucket would take the place of
 * one that is there.
 *
 * @param prefix what the names of the store's buckets begin with
 * @param resource the row that it is said on
 * @throws RunError in a deployment, where S3 does not answer
 */
export async function keptBucket(
  owner: StoreOwner,
  prefix: string,
  resource: pulumi.Resource,
  here: () => Pick<Region, "name" | "api"> = stackRegion,
  patience: Patience = pulumi.runtime.isDryRun() ? { retries: 2 } : {},
): Promise<Kept> {
  try {
    const outputs = await outputsOf(owner);
    if (Object.keys(outputs).length > 0) {
      return { inUse: [], ...(typeof outputs.bucket === "string" ? { had: outputs.bucket } : {}) };
    }
    const { withRetries } =
      require("./trainingJob/aws/retries") as typeof import("./trainingJob/aws/retries");
    let tries = 0;
    const { kept, inUse } = await withRetries(() => {
      if (++tries === 2)
        void pulumi.log.info(
          "S3 does not answer whether an earlier destroy kept a bucket: asking again.",
          resource,
        );
      return lookedThrough(owner, prefix, here());
    }, patience);
    if (inUse.length > 0) return { inUse };
    if (kept.length > 1) {
      void pulumi.log.warn(
        `Destroys of this stack kept several buckets: ${kept.join(", ")}. A new one is made. ` +
          `To go on in one of them: pulumi config set training:bucketName ${kept[0]}`,
        resource,
      );
      return { inUse };
    }
    const [bucket] = kept;
    if (bucket) void pulumi.log.info(`Taken up again: the bucket ${bucket}, kept by a destroy.`, resource);
    return { bucket, inUse };
  } catch (error) {
    const what = `Whether an earlier destroy of this stack kept a bucket is not known (${(error as Error).message})`;
    const other = "`pulumi config set training:bucketName NAME` goes on in one that is there.";
    const { isTransient } =
      require("./trainingJob/aws/retries") as typeof import("./trainingJob/aws/retries");
    if (isTransient(error) && !pulumi.runtime.isDryRun())
      throw refusal(`${what}, and a new one would take its place.\nNext: \`pulumi up\` once more; ${other}`);
    void pulumi.log.info(`${what}: a stack that has none gets a new one. ${other}`, resource);
    return { inUse: [] };
  }
}

/** What buckets of this stack's name tell that it has not: its state was lost, or they are of a stack of that name in another backend. */
export const strayBuckets = (inUse: string[], bucket: string): string | undefined => {
  const [stray] = inUse.filter((each) => each !== bucket);
  return (
    stray &&
    `The bucket ${stray} says that it is in use by a stack of this name, and this one has ${bucket}: was a state lost, or is that stack in ` +
      `another backend? To go on in it: pulumi config set training:bucketName ${stray}`
  );
};

async function lookedThrough(
  owner: StoreOwner,
  prefix: string,
  { name, api }: Pick<Region, "name" | "api">,
): Promise<Record<"kept" | "inUse", string[]>> {
  const buckets = await api.buckets(prefix);
  if (buckets.length > MOST) throw new Error(`${buckets.length} buckets begin with ${prefix}`);
  // Buckets of others begin so too, and are not for everybody to read.
  const hidden: Error[] = [];
  const marks = await Promise.all(
    buckets.map((bucket) =>
      api.readJson(storeMarkUri(bucket)).catch((error: Error) => {
        if (!isDenied(error)) throw error;
        hidden.push(error);
        return undefined;
      }),
    ),
  );
  const told = marks.map((mark) => toldOf(owner, name, mark));
  const those = (what: "kept" | "inUse") => buckets.filter((_, at) => told[at] === what);
  const found = { kept: those("kept"), inUse: those("inUse") };
  if (hidden.length > 0 && found.kept.length + found.inUse.length === 0) throw hidden[0];
  return found;
}

/**
 * What there is to say where a stack is about to get a new bucket, or has just got one, though it had one that a destroy kept; nothing where
 * that is not so, or cannot be read.
 */
export async function leftBehind(
  owner: StoreOwner,
  bucket: string,
  here: () => Pick<Region, "name" | "api"> = stackRegion,
): Promise<string | undefined> {
  try {
    const { name, api } = here();
    const told = toldOf(owner, name, await api.readJson(storeMarkUri(bucket)));
    if (told !== "kept") return undefined;
  } catch {
    return undefined;
  }
  return (
    `The bucket ${bucket} of this stack was kept by a destroy that did not come to its end, and a new one would take its place.\n` +
    "Next: `pulumi destroy` once more, after which the next `pulumi up` takes the bucket up again; or go on in it as it is: " +
    `pulumi config set training:bucketName ${bucket}`
  );
}

/** None where nothing was ever deployed to its end, or all of it is destroyed: an update that fails keeps the outputs of the one before. */
async function outputsOf({ organization, project, stack }: StoreOwner): Promise<Record<string, unknown>> {
  const name = [organization, project, stack].join("/");
  const { outputs } = await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name });
  return outputs;
}

/** AWS as the stack's own resources see it. Loaded only to look: a stack that was deployed before needs none of it. */
function stackRegion(): Region {
  const { systemClock } =
    require("./trainingJob/engine/clock") as typeof import("./trainingJob/engine/clock");
  const { awsRegion } =
    require("./trainingJob/run/awsRegion") as typeof import("./trainingJob/run/awsRegion");
  return awsRegion(systemClock)(undefined, (key) => pulumi.runtime.getConfig(key));
}
