/** Names for resources whose program gives none, as the AWS provider makes them. */

import { createHash, randomBytes } from "node:crypto";
import type { AutoName } from "./resource.ts";

const suffixLength = 7;

/** What `pulumi.autonaming` in the stack's configuration says about this resource. */
export interface Autonaming {
  readonly mode: "propose" | "enforce" | "disable";
  readonly proposedName: string;
}

/**
 * A name for the resource.
 * @param seed makes the same name again for the same seed; without one the suffix is random
 * @throws Error when no name can be made, saying what to do
 */
export function autoName(
  resourceName: string,
  rule: AutoName,
  seed?: Uint8Array,
  autonaming?: Autonaming,
): string {
  if (autonaming?.mode === "disable") {
    throw new Error("automatic naming is disabled for this stack: give a name");
  }
  if (autonaming?.mode === "enforce") return autonaming.proposedName;
  const base = rule.lowercase ? resourceName.toLowerCase() : resourceName;
  const name = rule.plain ? base : (autonaming?.proposedName ?? `${base}-${suffix(seed)}`);
  if (name.length > rule.maxLength) {
    throw new Error(
      `the name "${name}" has ${name.length} characters, AWS allows ${rule.maxLength}: ` +
        "shorten the resource's name or give a name",
    );
  }
  return rule.lowercase ? name.toLowerCase() : name;
}

function suffix(seed: Uint8Array | undefined): string {
  const bytes = seed?.length ? createHash("sha256").update(seed).digest() : randomBytes(suffixLength);
  return bytes.toString("hex").slice(0, suffixLength);
}
