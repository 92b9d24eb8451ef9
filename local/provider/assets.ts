/** The bytes of a Pulumi asset. */

import { readFile, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { isError } from "./errors.ts";
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
 * The content of the asset. Relative paths are relative to the project, where the engine starts the provider.
 * @throws Error saying which file could not be read and why
 */
export async function contentOf(asset: Asset): Promise<Uint8Array> {
  if (asset.path) return readAssetFile(asset.path);
  if (asset.uri?.startsWith("file:")) return readAssetFile(fileURLToPath(asset.uri));
  if (asset.uri) return download(asset.uri);
  if (asset.assets) {
    throw new Error(
      "the local stack's AWS provider does not zip an AssetArchive: pack it yourself and pass a FileAsset",
    );
  }
  return Buffer.from(asset.text ?? "", "utf8");
}

async function readAssetFile(path: string): Promise<Uint8Array> {
  const found = await ifPresent(stat(path));
  if (!found) {
    throw new Error(
      `the asset's file ${path} does not exist. Where \`source\` is in ignoreChanges it is the file of an earlier ` +
        "deployment: upload the present one with `pulumi up --replace URN`",
    );
  }
  if (found.isDirectory()) {
    throw new Error(
      `the local stack's AWS provider does not zip the directory ${path}: pack it yourself and pass a FileAsset`,
    );
  }
  return readFile(path);
}

async function ifPresent<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isError(error, "ENOENT")) return undefined;
    throw error;
  }
}

async function download(uri: string): Promise<Uint8Array> {
  const response = await fetch(uri);
  if (!response.ok) throw new Error(`could not download the asset ${uri}: HTTP ${response.status}`);
  return response.bytes();
}
