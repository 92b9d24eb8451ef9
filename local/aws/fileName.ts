import { createHash } from "node:crypto";

/**
 * A file name for any name of AWS, readable and never that of another: names that a file system could mistake for each other (by case),
 * that it cannot hold or that would lead elsewhere get a digest.
 */
export function fileNameFor(name: string): string {
  if (/^[a-z0-9-][a-z0-9._@-]{0,149}$/.test(name)) return name;
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 16);
  return `${name.replace(/[^A-Za-z0-9._@-]/g, "_").slice(0, 120)}~${digest}`;
}
