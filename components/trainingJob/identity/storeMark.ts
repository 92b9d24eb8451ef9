import type { StoreMark } from "../args/storeMark";

/** Who may have a bucket: a stack, under its name for it. */
export type StoreOwner = Omit<StoreMark, "bucket" | "kmsKeyId">;

const FILE = "stack.json";

export const storeMarkUri = (bucket: string): string => `s3://${bucket}/${FILE}`;

/** What the file says: `inUse` while a stack has the bucket in its state, not after the destroy that kept it. */
export function storeMarkJson(mark: StoreMark, inUse: boolean, region: string, now: number): string {
  const { project, stack, organization, store } = mark;
  const time = new Date(now).toISOString();
  return `${JSON.stringify({ organization, project, stack, store, region, inUse, time }, undefined, 2)}\n`;
}

/** Whether the file says that just this stack had the bucket in this region, and that no stack has it now. */
export function isKeptFor(owner: StoreOwner, region: string, json: string | undefined): boolean {
  const told = json === undefined ? undefined : parsed(json);
  return (
    told?.inUse === false &&
    told.region === region &&
    (["organization", "project", "stack", "store"] as const).every((key) => told[key] === owner[key])
  );
}

function parsed(json: string): Record<string, unknown> | undefined {
  try {
    const told = JSON.parse(json);
    return typeof told === "object" && told !== null ? told : undefined;
  } catch {
    return undefined; // not of this program
  }
}
