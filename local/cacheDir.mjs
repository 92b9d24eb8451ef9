import path from "node:path";

/** `$TRAINING_CACHE_DIR`, else a folder of this project in the user's cache as XDG defines it. */
export function cacheDirFrom(env, home) {
  if (env.TRAINING_CACHE_DIR) return path.resolve(env.TRAINING_CACHE_DIR);
  // XDG ignores a relative path in its variables.
  const xdg = env.XDG_CACHE_HOME;
  const base = xdg && path.isAbsolute(xdg) ? xdg : path.join(home, ".cache");
  return path.join(base, "pulumi-sagemaker-training");
}
