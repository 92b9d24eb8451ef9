/**
 * Instance families with local NVMe disks (Amazon EC2 instance types, "Instance storage"). They encrypt the disks
 * by themselves, and SageMaker refuses a volume key for them.
 */
export const localStorageFamilies = [
  "g4dn",
  "g5",
  "g6",
  "g6e",
  "g6f",
  "gr6",
  "g7",
  "g7e",
  "p3dn",
  "p4d",
  "p4de",
  "p5",
  "p5e",
  "p5en",
  "trn1",
  "trn1n",
  "trn2",
] as const;

const known = new Set<string>(localStorageFamilies);
/** Families told by their name: `p6-b200`, and the general ones with a `d` such as `m5d` and `c6gd`. */
const byName = /^(p6e?-\w+|[cmr]\d+[a-z]*d[a-z]*)$/;

/** Whether the disks of an instance type such as `ml.g5.xlarge` are local. */
export function hasLocalStorage(type: string): boolean {
  const family = type.split(".")[1] ?? "";
  return known.has(family) || byName.test(family);
}
