import { realpathSync, rmSync, writeFileSync } from "node:fs";
import { tryLock } from "../lock.ts";
import { SetupError } from "../setupError.ts";
import { LocalAws } from "./localAws.ts";
import { type LocalAwsOptions, readOptions } from "./options.ts";
import { readPid, readRunning, removeRunning, stateFiles, writeFileAtomic } from "./stateFiles.ts";

/**
 * The local AWS in the foreground:
 *
 *     node local/aws/server.ts --state DIR --training-python PATH --ministack-python PATH [--port N]
 *
 * It writes `<state>/aws.json` and one line when it is ready, and stops gracefully on SIGTERM, SIGHUP or ^C.
 */
async function main(): Promise<void> {
  const options = own(readOptions(process.argv.slice(2), process.env));
  const files = stateFiles(options.stateDir);
  const aws = new LocalAws(options, (line) => console.error(`${new Date().toISOString()} ${line}`));

  const ended = new Promise<void>((resolve) => {
    for (const signal of signals) process.once(signal, () => resolve());
  });
  try {
    const port = await aws.start();
    const endpoint = `http://127.0.0.1:${port}`;
    writeFileSync(files.port, String(port));
    writeFileAtomic(
      files.running,
      `${JSON.stringify({ pid: process.pid, port, endpoint, credentials: aws.owner })}\n`,
    );
    console.log(`Local AWS on ${endpoint} (process ${process.pid}, state in ${options.stateDir})`);
    await ended;
  } finally {
    // A second signal while stopping must not leave the state unsaved.
    for (const signal of signals) process.on(signal, () => undefined);
    await aws.stop();
    if (readRunning(options.stateDir)?.pid === process.pid) removeRunning(options.stateDir);
    rmSync(files.pid, { force: true });
  }
}

const signals = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/** Takes the state for this process, until it ends: before anything in it is read, and recovered from a crash. */
function own(options: LocalAwsOptions): LocalAwsOptions {
  const { lock, pid } = stateFiles(options.stateDir);
  if (!tryLock(lock, 2000)) {
    throw new SetupError(
      `A local AWS lives on ${options.stateDir} already (process ${readPid(options.stateDir) ?? "unknown"})`,
    );
  }
  writeFileAtomic(pid, String(process.pid));
  return { ...options, stateDir: realpathSync(options.stateDir) };
}

// Other jobs must not end for a fault in the handling of one.
process.on("uncaughtException", (error) => console.error(new Date().toISOString(), "unexpected:", error));

main().then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error instanceof SetupError ? error.message : error);
    process.exit(1);
  },
);
