/** The bytes of a Pulumi asset. */

import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Values } from "./values.ts";

/** What the engine sends for an asset or archive: one of text, path, uri or assets, and the hash of the content. */
export interface Asset extends Values {
  readonly text?: string;
  readonly path?: string;
  readonly uri?: string;
  readonly assets?: Values;
  /** SHA-256 of the content, as the engine computed it. */
  readonly hash?: string;
}

/**
 * Opens the asset's file, as the real provider does already in check: with `ignoreChanges` the engine hands over the
 * asset of an earlier deployment, whose file may be gone.
 * @throws Error in the words of the real provider
 */
export function assertOpens(asset: Asset): void {
  const file = fileOf(asset);
  if (file !== undefined) withFile(file, () => undefined);
}

/**
 * The content of the asset. Relative paths are relative to the project, where the engine starts the provider.
 * @throws Error saying which file could not be read and why
 */
export async function contentOf(asset: Asset): Promise<Uint8Array> {
  const file = fileOf(asset);
  if (file !== undefined) return withFile(file, (descriptor) => readFileSync(descriptor));
  if (asset.uri) return download(asset.uri);
  if (asset.assets) {
    throw new Error(
      "the local stack's AWS provider does not zip an AssetArchive: pack it yourself and pass a FileAsset",
    );
  }
  return Buffer.from(asset.text ?? "", "utf8");
}

function fileOf({ path: file, uri }: Asset): string | undefined {
  if (file) return path.resolve(file);
  return uri?.startsWith("file:") ? fileURLToPath(uri) : undefined;
}

function withFile<T>(file: string, use: (descriptor: number) => T): T {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch (error) {
    throw new Error(`failed to open asset file '${file}': ${reasonOf(error as NodeJS.ErrnoException, file)}`);
  }
  try {
    if (fstatSync(descriptor).isDirectory()) {
      throw new Error(`asset path '${file}' is a directory; try using an archive`);
    }
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** As Go says it. */
function reasonOf({ code, message }: NodeJS.ErrnoException, file: string): string {
  const reasons: Record<string, string> = {
    ENOENT: "no such file or directory",
    EACCES: "permission denied",
  };
  return `open ${file}: ${reasons[code ?? ""] ?? message}`;
}

async function download(uri: string): Promise<Uint8Array> {
  const response = await fetch(uri);
  if (!response.ok) throw new Error(`could not download the asset ${uri}: HTTP ${response.status}`);
  return response.bytes();
}
