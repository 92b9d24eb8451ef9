/** Names for resources whose program gives none, as the AWS provider makes them. */

import { createHash, randomBytes } from "node:crypto";
import type { AutoName, ResourceType } from "./resource.ts";
import type { Values } from "./values.ts";

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
  if (rule.maxLength !== undefined && name.length > rule.maxLength) {
    throw new Error(
      `the name "${name}" has ${name.length} characters, an automatic name may have ${rule.maxLength}: ` +
        "shorten the resource's name or give a name",
    );
  }
  return rule.lowercase ? name.toLowerCase() : name;
}

/** The inputs with a name, where the program gives only what it begins with: made as Terraform does, from the time and a counter. */
export function withPrefixedName({ autoName }: ResourceType, inputs: Values): Values {
  const prefix = autoName?.prefix && inputs[autoName.prefix];
  if (!autoName || !prefix) return inputs;
  const time = new Date()
    .toISOString()
    .replace(/[^0-9]/g, "")
    .padEnd(18, "0");
  made += 1;
  return { ...inputs, [autoName.property]: `${prefix}${time}${made.toString(16).padStart(8, "0")}` };
}

/** How many names were made from a prefix. */
let made = 0;

function suffix(seed: Uint8Array | undefined): string {
  const bytes = seed?.length ? createHash("sha256").update(seed).digest() : randomBytes(suffixLength);
  return bytes.toString("hex").slice(0, suffixLength);
}
