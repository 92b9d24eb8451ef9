/**
 * Installs the npm packages from the lockfile when they are missing or out of step with it.
 *
 * Runs before `npm start` and `npm test`, so on whatever Node there is and before any package is: it uses nothing
 * but Node itself. Takes milliseconds when there is nothing to do.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { advice } from "./advice.mjs";
import { compileAhead } from "./engine/compileAhead.mjs";
import { platformProblem } from "./platform.mjs";

const oldestNode = 20;
const projectDir = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const modules = path.join(projectDir, "node_modules");
const lockfile = path.join(projectDir, "package-lock.json");
/** Holds the hash of the lockfile that the packages were installed from; `npm ci` removes it first of all. */
const stamp = path.join(modules, ".setup-complete");
/** Node 24 comes as a package, and only its install script puts the program there. */
const node = path.join(modules, "node", "bin", "node");

async function main() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < oldestNode) {
    fail(
      `Node ${oldestNode} or newer is needed, and this is ${process.version}: install it (https://nodejs.org).`,
    );
  }
  if (isComplete()) return;
  const problem = platformProblem();
  if (problem) fail(problem);
  const release = await takeLock(path.join(projectDir, ".local", "setup.lock"));
  try {
    if (isComplete()) return; // another run has done it meanwhile
    if (!isInStep()) await install();
    writeFileSync(stamp, hashOfLockfile());
  } finally {
    release();
  }
}

function isComplete() {
  return existsSync(stamp) && existsSync(node) && readFileSync(stamp, "utf8") === hashOfLockfile();
}

function hashOfLockfile() {
  return createHash("sha256").update(readFileSync(lockfile)).digest("hex");
}

/** Whether npm itself, called by hand, has installed exactly what the lockfile says. */
function isInStep() {
  const installed = readPackages(path.join(modules, ".package-lock.json"));
  if (!installed || !existsSync(node)) return false;
  const wanted = readPackages(lockfile) ?? {};
  const names = Object.keys(wanted).filter((name) => name !== "");
  return (
    names.every((name) => installed[name]?.version === wanted[name].version || isSkipped(name)) &&
    Object.keys(installed).every((name) => name in wanted)
  );

  /** Packages for other platforms are in the lockfile only. */
  function isSkipped(name) {
    return wanted[name].optional === true && !(name in installed);
  }
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}

async function install() {
  // Progress is for people: standard output belongs to the command that follows, which a shell may evaluate.
  const endCompiling = compileAhead(path.join(projectDir, ".local", "compiling"));
  const meanwhile = endCompiling ? ", and compiling the Pulumi CLI meanwhile" : "";
  console.error(`Installing the npm packages from package-lock.json${meanwhile} (about a minute) ...`);
  const start = Date.now();
  const { code, output } = await npmCi();
  endCompiling?.();
  if (code !== 0) {
    // After the reason npm prints its manual.
    const tail = output
      .split(/^.*Clean install a project/m)[0]
      .trimEnd()
      .split("\n")
      .slice(-15)
      .join("\n");
    const reason = code === undefined ? "is npm on PATH?" : `exit code ${code}`;
    fail(`npm ci failed in ${projectDir} (${reason}):\n${tail}${advice(output)}`);
  }
  if (!existsSync(node)) {
    fail(
      "npm ci left out Node 24, which the package `node` installs by a script: allow install scripts (npm config set ignore-scripts false), remove node_modules and try again.",
    );
  }
  console.error(`Installing the npm packages: done in ${((Date.now() - start) / 1000).toFixed(0)} s`);
}

function npmCi() {
  // npm must not run on the Node inside node_modules, which it is about to remove.
  const dirs = (process.env.PATH ?? "").split(path.delimiter).filter((dir) => !dir.startsWith(modules));
  const env = { ...process.env, PATH: dirs.join(path.delimiter) };
  return new Promise((resolve) => {
    // The packages run on the Node 24 that comes with them, whatever Node npm runs on.
    const child = spawn(
      "npm",
      ["ci", "--no-audit", "--no-fund", "--loglevel=error", "--engine-strict=false"],
      {
        cwd: projectDir,
        env,
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    // A signal to this process alone must not leave npm at work on node_modules, nor the lock free before.
    process.prependOnceListener("exit", () => child.kill());
    let output = "";
    const collect = (chunk) => {
      output += chunk;
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("error", (error) => resolve({ code: undefined, output: error.message }));
    child.once("close", (code, signal) => resolve({ code: code ?? signal, output }));
  });
}

/** A holder touches its lock every 2 s; one that has not done so for this long is gone. */
const staleMs = 10_000;

/**
 * Waits until no other run holds the lock, takes it, and returns what gives it back. The lock is a folder that its
 * holder keeps touching: what does not change while one looks at it belongs to nobody, whatever it is.
 */
async function takeLock(lock) {
  mkdirSync(path.dirname(lock), { recursive: true, mode: 0o700 });
  let seen;
  let since = 0;
  while (!makeFolder(lock)) {
    if (!seen) console.error(`Waiting for another run that is installing the npm packages (${lock}) ...`);
    const now = look(lock);
    if (now !== seen) since = performance.now();
    else if (performance.now() - since > staleMs) breakLock(lock, seen);
    seen = now;
    await sleep(200);
  }
  const touch = setInterval(() => utimesSync(lock, new Date(), new Date()), 2000);
  const release = () => {
    clearInterval(touch);
    process.off("exit", release);
    rmSync(lock, { recursive: true, force: true });
  };
  process.once("exit", release);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"])
    process.once(signal, () => process.exit(1));
  return release;
}

function makeFolder(folder) {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/** Tells one lock from another, and from itself before it was touched. */
function look(lock) {
  const { ino, mtimeMs } = statSync(lock, { throwIfNoEntry: false }) ?? {};
  return `${ino} ${mtimeMs}`;
}

/** Takes away a lock that nobody holds; when another run was faster, gives it back to that one. */
function breakLock(lock, seen) {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
    if (look(aside) === seen) rmSync(aside, { recursive: true });
    else renameSync(aside, lock);
  } catch {
    // Somebody else has broken it.
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

try {
  await main();
} catch (error) {
  if (!["EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT"].includes(error.code)) throw error;
  fail(`The npm packages cannot be installed in ${projectDir}: ${error.message}.${advice(error.code)}`);
}
