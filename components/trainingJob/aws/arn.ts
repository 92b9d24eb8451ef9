/**
 * The account that an ARN names, such as "111122223333". Undefined for text that is no ARN, for an ARN without an account (that of a
 * bucket) and for what AWS itself owns (`arn:aws:iam::aws:policy/...`).
 */
export function accountOf(arn: string | undefined | null): string | undefined {
  const account = partOf(arn, 4);
  return account && /^\d{12}$/.test(account) ? account : undefined;
}

/** The region that an ARN names, such as "eu-west-1". Undefined for text that is no ARN, and for what has no region (a role, a bucket). */
export function regionOf(arn: string | undefined | null): string | undefined {
  return partOf(arn, 3) || undefined;
}

/** arn:partition:service:region:account:resource; the resource may hold colons of its own. */
function partOf(arn: string | undefined | null, index: number): string | undefined {
  const parts = (arn ?? "").split(":");
  return parts[0] === "arn" && parts.length >= 6 ? parts[index] : undefined;
}
