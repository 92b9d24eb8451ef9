import { homedir } from "node:os";
import path from "node:path";
import { cacheDirFrom } from "./cacheDir.mjs";

/** The checkout: the directory with Pulumi.yaml. */
export const projectDir = path.resolve(import.meta.dirname, "..");

/**
 * All state of the local stack: the local AWS, its jobs and logs, and Pulumi's file backend.
 * Removing it resets everything. `TRAINING_STATE_DIR` puts it elsewhere; tests use a temporary directory.
 */
export const stateDir = stateDirFrom(process.env);

/** Heavy things shared by all checkouts of this user: the Pulumi CLI and the Python environments. */
export const cacheDir = cacheDirFrom(process.env, homedir());

/** Where Node 24 lives: the only file in there is `node`, so that nothing else gets on PATH with it. */
export const nodeDir = path.join(projectDir, "node_modules", "node", "bin");

export function stateDirFrom(env: NodeJS.ProcessEnv): string {
  return path.resolve(env.TRAINING_STATE_DIR || path.join(projectDir, ".local"));
}
