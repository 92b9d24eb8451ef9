import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { SetupError } from "../../../setupError.ts";

/** Where SageMaker puts everything inside a container. */
export const containerBase = "/opt/ml";

/**
 * What goes before a command so that it finds its base directory as /opt/ml, in a mount namespace of its own.
 * The command keeps its process number.
 */
export function optMlPrefix(base: string, isRoot: boolean): string[] {
  const user = isRoot ? [] : ["--user", "--map-root-user"];
  const script = `mount --bind "$0" ${containerBase} && exec "$@"`;
  return ["unshare", ...user, "--mount", "--propagation", "private", "--", "/bin/sh", "-c", script, base];
}

/** Throws unless this machine can do it: Linux, `unshare`, and a directory /opt/ml to mount on. */
export function checkOptMl(): void {
  const why = "LOCAL_AWS_OPT_ML=true";
  try {
    mkdirSync(containerBase, { recursive: true });
  } catch (error) {
    throw new SetupError(
      `${why} needs an empty directory ${containerBase} to mount on: sudo mkdir -p ${containerBase} (${(error as Error).message})`,
    );
  }
  const [command, ...args] = optMlPrefix(containerBase, process.getuid?.() === 0);
  const tried = spawnSync(command, [...args, "true"], { encoding: "utf8" });
  if (tried.status !== 0) {
    const reason = tried.error?.message ?? tried.stderr.trim();
    throw new SetupError(`${why} needs Linux with unshare and mount namespaces: ${reason}`);
  }
}
