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
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

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
  console.error("Installing the npm packages from package-lock.json (about a minute) ...");
  const start = Date.now();
  const { code, output } = await npmCi();
  if (code !== 0) {
    // After the reason npm prints its manual.
    const tail = output
      .split(/^.*Clean install a project/m)[0]
      .trimEnd()
      .split("\n")
      .slice(-15)
      .join("\n");
    fail(
      `npm ci failed in ${projectDir} (${code === undefined ? "is npm on PATH?" : `exit code ${code}`}):\n${tail}`,
    );
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
    const child = spawn("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: projectDir,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    // A signal to this process alone must not leave npm at work on node_modules.
    process.once("exit", () => child.kill());
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

/**
 * Waits until no other run holds the lock, takes it, and returns what gives it back. The file holds the pid of its
 * owner, so that the lock of a run that was killed counts for nothing.
 */
async function takeLock(file) {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  const drop = () => {
    if (ownerOf(file) === process.pid) unlinkSync(file);
  };
  try {
    let told = false;
    while (!tryLink(mine, file)) {
      const owner = ownerOf(file);
      if (owner === undefined) continue; // given back this moment
      if (!isAlive(owner)) {
        breakLock(file, owner);
        continue;
      }
      if (!told)
        console.error(`Waiting for another run that is installing the npm packages (pid ${owner}) ...`);
      told = true;
      await sleep(200);
    }
  } finally {
    unlinkSync(mine);
  }
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(signal, () => {
      drop();
      process.exit(1);
    });
  }
  process.once("exit", drop);
  return drop;
}

/** A link appears whole, with the pid in it, or not at all. */
function tryLink(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function ownerOf(file) {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Takes a dead run's lock away; when another run was faster and holds it now, gives it back to that one. */
function breakLock(file, owner) {
  const aside = `${file}.broken-${process.pid}`;
  try {
    renameSync(file, aside);
    if (ownerOf(aside) !== owner) tryLink(aside, file);
    unlinkSync(aside);
  } catch {
    // Somebody else has broken it.
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

await main();
