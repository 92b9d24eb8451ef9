import * as fs from "node:fs";
import { connect } from "node:net";
import { homedir } from "node:os";
import * as path from "node:path";

/** Milliseconds that a daemon is given to take a connection. */
const PATIENCE = 5000;

type Address = { path: string } | { host: string; port: number };

/**
 * Why Docker cannot be reached, and what to do; undefined where it takes a connection, or where nobody can say from here: on Windows,
 * through ssh, or with a context of its own.
 */
export async function dockerFault(env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const address = addressOf(env);
  if (!address) return undefined;
  const reason = await refusalOf(address);
  if (reason === undefined) return undefined;
  const where = "path" in address ? address.path : `${address.host}:${address.port}`;
  return (
    `The image must be built, and Docker does not answer at ${where} (${reason}). Start Docker, or set DOCKER_HOST to where it runs, and ` +
    "try again; or take an image that has been built: training:imageUri in place of training:dockerfile."
  );
}

function addressOf(env: NodeJS.ProcessEnv): Address | undefined {
  const host = env.DOCKER_HOST;
  if (host) {
    const [, unix] = /^unix:\/\/(.+)$/.exec(host) ?? [];
    if (unix) return { path: unix };
    const [, name, port = "2375"] = /^tcp:\/\/([^:/]+)(?::(\d+))?\/?$/.exec(host) ?? [];
    return name ? { host: name, port: Number(port) } : undefined;
  }
  const isElsewhere = process.platform === "win32" || env.DOCKER_CONTEXT || hasContext(env);
  return isElsewhere ? undefined : { path: "/var/run/docker.sock" };
}

/** Docker Desktop, Colima and others choose a context in Docker's own settings. */
function hasContext(env: NodeJS.ProcessEnv): boolean {
  const file = path.join(env.DOCKER_CONFIG ?? path.join(env.HOME ?? homedir(), ".docker"), "config.json");
  try {
    const { currentContext = "default" } = JSON.parse(fs.readFileSync(file, "utf8"));
    return currentContext !== "default";
  } catch {
    return false;
  }
}

function refusalOf(address: Address): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(address);
    const end = (reason?: string) => {
      socket.destroy();
      resolve(reason);
    };
    socket.setTimeout(PATIENCE, () => end("no answer"));
    socket.once("connect", () => end());
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}
