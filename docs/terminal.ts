// `npm run docs:terminal`: runs `npm start` on a local stack of its own, in a terminal of 100 columns, and draws what it
// shows as docs/npm-start.svg. Linux or Mac; takes as long as the training.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import * as path from "node:path";
import { drawLines, type Line, linesOf, textOf } from "./terminalSvg";

export const PICTURE = path.join(__dirname, "npm-start.svg");
const PROJECT = path.resolve(__dirname, "..");
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
  // Its terminal then hangs up, which ends `npm start` in good order; the local AWS is stopped below.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => child.kill("SIGTERM"));
  const output: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => {
    output.push(chunk);
    process.stderr.write(chunk); // to be seen
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

const SHOWN_OUTPUTS = ["cost", "metrics"];
/** Lines that say of a resource only that it is made, or that another one was. */
const SMALL = /^ *\+ +\S+ (creating|created) \([\d.]+s\)$/;
const CUT: Line = [{ text: "⋮", cells: 1, colour: "#6e7681", bold: false }];

/** What tells a reader something: the update without the lines of small resources and most outputs. A mark stands for what is left out. */
export function shortened(lines: Line[]): Line[] {
  const short: Line[] = [[{ text: "$ npm start", cells: 11, bold: true }], CUT];
  let section = "";
  let output = "";
  for (const line of lines.slice(lines.findIndex((each) => textOf(each).startsWith("Updating")))) {
    const text = textOf(line).trimEnd();
    if (/^\S/.test(text)) section = text;
    output = /^ {4}(\w+) *: /.exec(text)?.[1] ?? output;
    const isShown =
      section === "Outputs:" ? text === section || SHOWN_OUTPUTS.includes(output) : !SMALL.test(text);
    if (isShown) short.push(line);
    else if (short[short.length - 1] !== CUT) short.push(CUT);
  }
  return short;
}

async function main(): Promise<void> {
  const stateDir = mkdtempSync(path.join(tmpdir(), "terminal-"));
  const { NO_COLOR: _, ...outer } = process.env;
  const env = { ...outer, TERM: "xterm-256color", TRAINING_STATE_DIR: stateDir };
  try {
    const recorded = Buffer.from(await record("npm start --silent", env)).toString();
    // Pulumi names the policy pack by where it is on this machine.
    const output = Buffer.from(recorded.replaceAll(`${PROJECT}${path.sep}`, ""));
    const lines = shortened(await linesOf(output, COLUMNS));
    const text = lines.map(textOf).join("\n");
    for (const place of [stateDir, PROJECT, homedir()]) {
      if (text.includes(place)) throw new Error(`the picture would show ${place}`);
    }
    writeFileSync(PICTURE, drawLines(lines, "What npm start shows"));
  } finally {
    await record("npm run --silent local:stop", env);
    rmSync(stateDir, { recursive: true });
  }
}

if (require.main === module) void main();
