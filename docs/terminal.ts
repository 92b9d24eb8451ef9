// `npm run docs:terminal`: runs `npm start` on a local stack of its own, in a terminal of 100 columns, and draws what it
// shows as docs/npm-start.svg. Linux or Mac; takes as long as the training.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import * as path from "node:path";
import { drawLines, type Line, linesOf, textOf } from "./terminalSvg";

export const PICTURE = path.join(__dirname, "npm-start.svg");
const PROJECT = path.join(__dirname, "..");
const COLUMNS = 100;

/** Python has a pseudo-terminal on every system that the project runs on; Node has none. */
const PTY = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";

/** What a command writes to a terminal of COLUMNS columns, control sequences included. */
function record(command: string, env: NodeJS.ProcessEnv): Promise<Uint8Array> {
  const sized = `stty cols ${COLUMNS} rows 50; exec ${command}`;
  const child = spawn("python3", ["-c", PTY, "/bin/sh", "-c", sized], {
    cwd: PROJECT,
    env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const output: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => {
    output.push(chunk);
    process.stderr.write(chunk);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      child.stdin.end();
      if (code === 0) resolve(Buffer.concat(output));
      else reject(new Error(`${command} ended with ${code}`));
    });
  });
}

async function main(): Promise<void> {
  const stateDir = mkdtempSync(path.join(tmpdir(), "terminal-"));
  const { NO_COLOR: _, ...outer } = process.env;
  const env = { ...outer, TERM: "xterm-256color", TRAINING_STATE_DIR: stateDir };
  try {
    const output = await record("npm start --silent", env);
    writeFileSync(process.env.KEEP_RAW ?? path.join(stateDir, "raw"), output);
    const lines = await linesOf(output, COLUMNS);
    writeFileSync(PICTURE, drawLines(lines, COLUMNS, "What npm start shows"));
  } finally {
    await record("npm run --silent local:stop", env);
    rmSync(stateDir, { recursive: true });
  }
}

if (require.main === module) void main();
