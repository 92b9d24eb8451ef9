import { writeFileSync } from "node:fs";
import { SetupError } from "../setupError.ts";
import { findRunning } from "./client.ts";
import { LocalAws } from "./localAws.ts";
import { readOptions } from "./options.ts";
import { readRunning, removeRunning, stateFiles, writeFileAtomic } from "./stateFiles.ts";

/**
 * The local AWS in the foreground:
 *
 *     node local/aws/server.ts --state DIR --training-python PATH --ministack-python PATH [--port N]
 *
 * It writes `<state>/aws.json` and one line when it is ready, and stops gracefully on SIGTERM or ^C.
 */
async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env);
  const files = stateFiles(options.stateDir);
  const other = (await findRunning(options.stateDir))?.running;
  if (other) {
    throw new SetupError(
      `A local AWS runs on ${options.stateDir} already (${other.endpoint}, process ${other.pid})`,
    );
  }
  const aws = new LocalAws(options, (line) => console.error(`${new Date().toISOString()} ${line}`));

  const ended = new Promise<void>((resolve) => {
    process.once("SIGTERM", () => resolve());
    process.once("SIGINT", () => resolve());
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
    process.on("SIGTERM", () => undefined);
    process.on("SIGINT", () => undefined);
    await aws.stop();
    if (readRunning(options.stateDir)?.pid === process.pid) removeRunning(options.stateDir);
  }
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
