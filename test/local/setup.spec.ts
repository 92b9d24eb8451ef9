import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const lock = {
  packages: {
    "": {},
    "node_modules/a": { version: "1.0.0" },
    "node_modules/b": { version: "2.0.0", optional: true },
  },
};

/** A stand-in for npm that does what `npm ci` does as far as the set-up can see, and counts how often. */
const fakeNpm = `#!/bin/sh
echo run >> "$LOG"
test -n "$WAIT" && while [ ! -e "$WAIT" ]; do sleep 0.02; done
test -n "$FAIL" && { echo "npm error network"; exit 1; }
rm -rf node_modules
mkdir -p node_modules/node/bin
touch node_modules/node/bin/node
`;

describe("setup", () => {
  let dir: string;
  let env: NodeJS.ProcessEnv;

  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "setup-"));
    mkdirSync(path.join(dir, "local"));
    mkdirSync(path.join(dir, "bin"));
    copyFileSync(path.resolve(__dirname, "../../local/setup.mjs"), path.join(dir, "local", "setup.mjs"));
    writeFileSync(path.join(dir, "bin", "npm"), fakeNpm);
    chmodSync(path.join(dir, "bin", "npm"), 0o755);
    writeLock(lock);
    env = { PATH: `${dir}/bin:/usr/bin:/bin`, LOG: path.join(dir, "log") };
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const writeLock = (content: unknown) =>
    writeFileSync(path.join(dir, "package-lock.json"), JSON.stringify(content));
  const setup = (more: NodeJS.ProcessEnv = {}) =>
    spawnSync(process.execPath, ["local/setup.mjs"], {
      cwd: dir,
      env: { ...env, ...more },
      encoding: "utf8",
    });
  const runsOfNpm = () =>
    existsSync(path.join(dir, "log"))
      ? readFileSync(path.join(dir, "log"), "utf8").split("\n").length - 1
      : 0;
  const lockFiles = () => readdirSync(path.join(dir, ".local"));

  it("installs what is missing, says so, and does nothing the next time", () => {
    const first = setup();
    assert.equal(first.status, 0, first.stderr);
    assert.match(
      first.stderr,
      /^Installing the npm packages .*\nInstalling the npm packages: done in \d+ s\n$/,
    );
    assert.deepEqual([setup().stderr, runsOfNpm()], ["", 1]);
    assert.deepEqual(lockFiles(), []);
  });

  it("installs again when the lockfile changes", () => {
    setup();
    writeLock({ ...lock, lockfileVersion: 3 });
    assert.match(setup().stderr, /done in/);
    assert.equal(runsOfNpm(), 2);
  });

  it("leaves what npm itself has installed from this lockfile", () => {
    setup();
    rmSync(path.join(dir, "node_modules", ".setup-complete"));
    const installed = { packages: { "node_modules/a": { version: "1.0.0" } } };
    writeFileSync(path.join(dir, "node_modules", ".package-lock.json"), JSON.stringify(installed));
    assert.deepEqual([setup().stderr, runsOfNpm()], ["", 1]);
    writeLock({ packages: { ...lock.packages, "node_modules/a": { version: "1.0.1" } } });
    setup();
    assert.equal(runsOfNpm(), 2);
  });

  it("shows why npm failed, and tries again the next time", () => {
    const failed = setup({ FAIL: "1" });
    assert.equal(failed.status, 1);
    assert.match(failed.stderr, /\nnpm ci failed in .* \(exit code 1\):\nnpm error network\n$/);
    assert.deepEqual(lockFiles(), []);
    assert.equal(setup().status, 0);
  });

  it("says so when there is no npm", () => {
    rmSync(path.join(dir, "bin", "npm"));
    assert.match(setup({ PATH: path.join(dir, "bin") }).stderr, /is npm on PATH\?/);
  });

  it("does not run npm on the Node that npm is about to remove", () => {
    mkdirSync(path.join(dir, "node_modules", ".bin"), { recursive: true });
    writeFileSync(path.join(dir, "node_modules", ".bin", "npm"), "#!/bin/sh\nexit 9\n");
    chmodSync(path.join(dir, "node_modules", ".bin", "npm"), 0o755);
    assert.equal(setup({ PATH: `${dir}/node_modules/.bin:${env.PATH}` }).status, 0);
  });

  it("has a second run wait for the first", async () => {
    const go = path.join(dir, "go");
    const [first, second] = [start({ WAIT: go }), start({ WAIT: go })];
    const waiting = await Promise.race([line(first, /Waiting/), line(second, /Waiting/)]);
    assert.match(waiting, /^Waiting for another run .* \(pid \d+\)/);
    writeFileSync(go, "");
    const codes = await Promise.all([first, second].map((child) => once(child, "exit")));
    assert.deepEqual(
      codes.map(([code]) => code),
      [0, 0],
    );
    assert.equal(runsOfNpm(), 1);
  });

  it("takes over from a run that was killed half way", () => {
    mkdirSync(path.join(dir, ".local"));
    const dead = spawnSync("true").pid;
    writeFileSync(path.join(dir, ".local", "setup.lock"), String(dead));
    mkdirSync(path.join(dir, "node_modules", "half"), { recursive: true });
    assert.equal(setup().status, 0);
    assert.deepEqual([runsOfNpm(), lockFiles()], [1, []]);
  });

  function start(more: NodeJS.ProcessEnv): ChildProcess {
    return spawn(process.execPath, ["local/setup.mjs"], { cwd: dir, env: { ...env, ...more } });
  }

  function line(child: ChildProcess, pattern: RegExp): Promise<string> {
    return new Promise((resolve) => {
      child.stderr?.on("data", (chunk: Buffer) => pattern.test(String(chunk)) && resolve(String(chunk)));
    });
  }
});
