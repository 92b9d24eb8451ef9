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
import { stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { cliPackage } from "../../local/engine/goBuild.mjs";

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
test -n "$FAIL" && { echo "npm error code ENOTFOUND"; exit 1; }
rm -rf node_modules
mkdir -p node_modules/node/bin
touch node_modules/node/bin/node
`;

/** A stand-in for Go that works, in two processes, until it is ended. */
const fakeGo = `#!/bin/sh
sleep 1000 &
echo "$$ $! $GOTMPDIR $*" > "$LOG.go.part"
mv "$LOG.go.part" "$LOG.go"
wait
`;

/** A process that has ended may wait for somebody to ask how. */
function isZombieOrGone(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return stdout.trim() === "" || stdout.startsWith("Z");
}

/** Options of Node that run a script before the program. */
const before = (script: string) => ["--import", `data:text/javascript,${encodeURIComponent(script)}`];

/** A clock and intervals that run a hundred times as fast. */
const hurried = before(`const now = performance.now.bind(performance); performance.now = () => 100 * now();
  const every = setInterval; globalThis.setInterval = (work, ms) => every(work, ms / 100);`);

/** Another machine. */
const on = (platform: string, arch: string, libc: string | undefined) =>
  before(`Object.defineProperties(process, { platform: { value: "${platform}" }, arch: { value: "${arch}" } });
    process.report.getReport = () => ({ header: { glibcVersionRuntime: ${JSON.stringify(libc)} } });`);

/** A file system call that fails. */
const failing = (call: string, code: string) =>
  before(`import fs from "node:fs"; import { syncBuiltinESMExports } from "node:module";
    fs.${call} = (file) => { throw Object.assign(new Error("${code}: " + file), { code: "${code}" }); };
    syncBuiltinESMExports();`);

const own = ["setup.mjs", "advice.mjs", "cacheDir.mjs", "platform.mjs"];

describe("setup", () => {
  let dir: string;
  let env: NodeJS.ProcessEnv;

  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "setup-"));
    mkdirSync(path.join(dir, "local", "engine"), { recursive: true });
    mkdirSync(path.join(dir, "bin"));
    for (const name of [...own, ...["compileAhead.mjs", "goBuild.mjs"].map((each) => `engine/${each}`)]) {
      copyFileSync(path.resolve(__dirname, "../../local", name), path.join(dir, "local", name));
    }
    writeProgram("npm", fakeNpm);
    writeLock(lock);
    env = {
      PATH: `${dir}/bin:/usr/bin:/bin`,
      LOG: path.join(dir, "log"),
      TRAINING_CACHE_DIR: `${dir}/cache`,
    };
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const writeProgram = (name: string, text: string) =>
    writeFileSync(path.join(dir, "bin", name), text, { mode: 0o755 });
  const writeLock = (content: unknown) =>
    writeFileSync(path.join(dir, "package-lock.json"), JSON.stringify(content));
  const setup = (more: NodeJS.ProcessEnv = {}, options: string[] = []) =>
    spawnSync(process.execPath, [...options, "local/setup.mjs"], {
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
    assert.match(failed.stderr, /\nnpm ci failed in .* \(exit code 1\):\nnpm error code ENOTFOUND\n/);
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
    assert.equal(
      waiting,
      `Waiting for another run that is installing the npm packages (${path.join(dir, ".local/setup.lock")}) ...\n`,
    );
    writeFileSync(go, "");
    const codes = await Promise.all([first, second].map((child) => once(child, "exit")));
    assert.deepEqual(
      codes.map(([code]) => code),
      [0, 0],
    );
    assert.equal(runsOfNpm(), 1);
  });

  const leftovers: Record<string, (lock: string) => void> = {
    "the folder of a run that was killed": (lock) => mkdirSync(lock),
    "the pid of an earlier version, of a process that lives": (lock) => writeFileSync(lock, "1"),
    "an empty file": (lock) => writeFileSync(lock, ""),
    "a folder with things in it": (lock) => mkdirSync(path.join(lock, "a"), { recursive: true }),
  };
  for (const [what, leave] of Object.entries(leftovers)) {
    it(`takes over where the lock is ${what}`, () => {
      mkdirSync(path.join(dir, ".local"));
      leave(path.join(dir, ".local", "setup.lock"));
      mkdirSync(path.join(dir, "node_modules", "half"), { recursive: true });
      const { status, stderr } = setup({}, hurried);
      assert.match(stderr, /^Waiting for another run .*setup\.lock.*\nInstalling/);
      assert.deepEqual([status, runsOfNpm(), lockFiles()], [0, 1, []]);
    });
  }

  it("shows that it is at work by touching its lock", async () => {
    const go = path.join(dir, "go");
    const child = start({ WAIT: go }, hurried);
    await line(child, /Installing/);
    const lock = path.join(dir, ".local", "setup.lock");
    const touched = new Set<number>();
    while (touched.size < 3) touched.add((await stat(lock)).mtimeMs);
    writeFileSync(go, "");
    await once(child, "exit");
  });

  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    it(`leaves nothing at work after ${signal}, waiting or installing`, async () => {
      const first = start({ WAIT: path.join(dir, "never") });
      await line(first, /Installing/);
      const second = start({});
      await line(second, /Waiting/);
      second.kill(signal);
      await once(second, "exit");
      assert.deepEqual(lockFiles(), ["setup.lock"]);
      first.kill(signal);
      await once(first, "exit");
      assert.deepEqual(lockFiles(), []);
    });
  }

  describe("where there is a Go", () => {
    /** Its two processes, its folder for what it works on, and how it was called. */
    const calledGo = () => {
      const [pid, compiler, work, ...args] = readFileSync(path.join(dir, "log.go"), "utf8").trim().split(" ");
      return { pids: [Number(pid), Number(compiler)], work, args };
    };
    const isGone = ({ pids, work }: ReturnType<typeof calledGo>) =>
      [...pids.map((pid) => isZombieOrGone(pid)), !existsSync(work)].every(Boolean);
    beforeEach(() => writeProgram("go", fakeGo));

    it("has it compile the CLI until npm is done", () => {
      const { status, stderr } = setup({ WAIT: path.join(dir, "log.go") });
      assert.match(stderr, /^Installing the npm packages .*, and compiling the Pulumi CLI meanwhile \(/);
      assert.equal(status, 0);
      const go = calledGo();
      assert.deepEqual([go.args[0], go.args.at(-2), isGone(go)], ["build", cliPackage, true]);
      assert.ok(!go.args.includes("-o"), "what is not asked for is not linked to a place");
    });

    it("ends it where npm fails", () => {
      assert.equal(setup({ WAIT: path.join(dir, "log.go"), FAIL: "1" }).status, 1);
      assert.ok(isGone(calledGo()));
    });

    it("ends it with the set-up", async () => {
      const child = start({ WAIT: path.join(dir, "never") });
      while (!existsSync(path.join(dir, "log.go")) && child.exitCode === null) await setImmediate();
      child.kill("SIGTERM");
      await once(child, "exit");
      assert.ok(isGone(calledGo()));
    });

    it("goes without where no temporary folder can be made", () => {
      const { status, stderr } = setup({ TMPDIR: path.join(dir, "none") });
      assert.deepEqual([status, /CLI/.test(stderr)], [0, false]);
    });

    const there: Record<string, () => void> = {
      "is a Pulumi CLI": () => writeProgram("pulumi", "#!/bin/sh\n"),
      "was one built": () => mkdirSync(path.join(dir, "cache", "pulumi-3.259.0-x"), { recursive: true }),
    };
    for (const [what, make] of Object.entries(there)) {
      it(`leaves it alone where there ${what}`, () => {
        make();
        const { status, stderr } = setup();
        assert.deepEqual([status, /CLI/.test(stderr)], [0, false]);
        assert.ok(!existsSync(path.join(dir, "log.go")));
      });
    }
  });

  it("says in one line that the checkout cannot be written", () => {
    const { status, stderr } = setup({}, failing("mkdirSync", "EACCES"));
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^The npm packages cannot be installed in .*EACCES.*\nA folder belongs to another user.*\n$/,
    );
  });

  it("tells what to do when no registry answers", () => {
    assert.match(
      setup({ FAIL: "1" }).stderr,
      /npm error code ENOTFOUND\nNo answer from the package registry: /,
    );
  });

  const platforms: [platform: string, arch: string, libc: string | undefined, expected: RegExp][] = [
    ["win32", "x64", undefined, /use WSL2/],
    ["darwin", "x64", undefined, /Intel .* is not supported/],
    ["linux", "x64", undefined, /no glibc .*Alpine/],
    ["linux", "ia32", "2.36", /linux on ia32 is not supported/],
    ["freebsd", "x64", undefined, /freebsd on x64 is not supported/],
  ];
  for (const [platform, arch, libc, expected] of platforms) {
    it(`refuses ${platform} ${arch} ${libc ?? ""} before it installs anything`, () => {
      const { status, stderr } = setup({}, on(platform, arch, libc));
      assert.match(stderr, expected);
      assert.deepEqual([status, stderr.split("\n").length, runsOfNpm()], [1, 2, 0]);
    });
  }
  for (const [platform, arch, libc] of [
    ["linux", "arm64", "2.31"],
    ["darwin", "arm64", undefined],
  ] as const) {
    it(`goes on with ${platform} ${arch}`, () => assert.equal(setup({}, on(platform, arch, libc)).status, 0));
  }

  function start(more: NodeJS.ProcessEnv, options: string[] = []): ChildProcess {
    return spawn(process.execPath, [...options, "local/setup.mjs"], { cwd: dir, env: { ...env, ...more } });
  }

  function line(child: ChildProcess, pattern: RegExp): Promise<string> {
    return new Promise((resolve) => {
      child.stderr?.on("data", (chunk: Buffer) => pattern.test(String(chunk)) && resolve(String(chunk)));
    });
  }
});
