import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { before, failing, lock, SetupCheckout } from "./support/setupCheckout";

/** A clock and intervals that run a hundred times as fast. */
const hurried = before(`const now = performance.now.bind(performance); performance.now = () => 100 * now();
  const every = setInterval; globalThis.setInterval = (work, ms) => every(work, ms / 100);`);

/** Another machine. */
const on = (platform: string, arch: string, libc: string | undefined) =>
  before(`Object.defineProperties(process, { platform: { value: "${platform}" }, arch: { value: "${arch}" } });
    process.report.getReport = () => ({ header: { glibcVersionRuntime: ${JSON.stringify(libc)} } });`);

describe("setup", () => {
  let checkout: SetupCheckout;
  let dir: string;

  beforeEach(() => {
    checkout = new SetupCheckout();
    dir = checkout.dir;
  });
  afterEach(() => checkout.remove());

  it("installs what is missing, says so, and does nothing the next time", () => {
    const first = checkout.run();
    assert.equal(first.status, 0, first.stderr);
    assert.match(
      first.stderr,
      /^Installing the npm packages .*\nInstalling the npm packages: done in \d+ s\n$/,
    );
    assert.deepEqual([checkout.run().stderr, checkout.runsOfNpm()], ["", 1]);
    assert.deepEqual(checkout.leftovers(), []);
  });

  it("installs again when the lockfile changes", () => {
    checkout.run();
    checkout.writeLock({ ...lock, lockfileVersion: 3 });
    assert.match(checkout.run().stderr, /done in/);
    assert.equal(checkout.runsOfNpm(), 2);
  });

  it("leaves what npm itself has installed from this lockfile", () => {
    checkout.run();
    rmSync(path.join(dir, "node_modules", ".setup-complete"));
    const installed = { packages: { "node_modules/a": { version: "1.0.0" } } };
    writeFileSync(path.join(dir, "node_modules", ".package-lock.json"), JSON.stringify(installed));
    assert.deepEqual([checkout.run().stderr, checkout.runsOfNpm()], ["", 1]);
    checkout.writeLock({ packages: { ...lock.packages, "node_modules/a": { version: "1.0.1" } } });
    checkout.run();
    assert.equal(checkout.runsOfNpm(), 2);
  });

  it("shows why npm failed, and tries again the next time", () => {
    const failed = checkout.run({ FAIL: "1" });
    assert.equal(failed.status, 1);
    assert.match(failed.stderr, /\nnpm ci failed in .* \(exit code 1\):\nnpm error code ENOTFOUND\n/);
    assert.deepEqual(checkout.leftovers(), []);
    assert.equal(checkout.run().status, 0);
  });

  it("says so when there is no npm", () => {
    rmSync(path.join(dir, "bin", "npm"));
    assert.match(checkout.run({ PATH: path.join(dir, "bin") }).stderr, /is npm on PATH\?/);
  });

  it("does not run npm on the Node that npm is about to remove", () => {
    mkdirSync(path.join(dir, "node_modules", ".bin"), { recursive: true });
    writeFileSync(path.join(dir, "node_modules", ".bin", "npm"), "#!/bin/sh\nexit 9\n");
    chmodSync(path.join(dir, "node_modules", ".bin", "npm"), 0o755);
    assert.equal(checkout.run({ PATH: `${dir}/node_modules/.bin:${checkout.env.PATH}` }).status, 0);
  });

  it("has a second run wait for the first", async () => {
    const go = path.join(dir, "go");
    const [first, second] = [checkout.start({ WAIT: go }), checkout.start({ WAIT: go })];
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
    assert.equal(checkout.runsOfNpm(), 1);
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
      const { status, stderr } = checkout.run({}, hurried);
      assert.match(stderr, /^Waiting for another run .*setup\.lock.*\nInstalling/);
      assert.deepEqual([status, checkout.runsOfNpm(), checkout.leftovers()], [0, 1, []]);
    });
  }

  it("shows that it is at work by touching its lock", async () => {
    const go = path.join(dir, "go");
    const child = checkout.start({ WAIT: go }, hurried);
    await line(child, /Installing/);
    const lock = path.join(dir, ".local", "setup.lock");
    const touched = new Set<number>();
    while (touched.size < 3) touched.add((await stat(lock)).mtimeMs);
    writeFileSync(go, "");
    await once(child, "exit");
  });

  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"] as const) {
    it(`leaves nothing at work after ${signal}, waiting or installing`, async () => {
      const first = checkout.start({ WAIT: path.join(dir, "never") });
      await line(first, /Installing/);
      const second = checkout.start({});
      await line(second, /Waiting/);
      second.kill(signal);
      await once(second, "exit");
      assert.deepEqual(checkout.leftovers(), ["setup.lock"]);
      first.kill(signal);
      await once(first, "exit");
      assert.deepEqual(checkout.leftovers(), []);
    });
  }

  it("says in one line that the checkout cannot be written", () => {
    const { status, stderr } = checkout.run({}, failing("mkdirSync", "EACCES"));
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^The npm packages cannot be installed in .*EACCES.*\nA folder belongs to another user.*\n$/,
    );
  });

  it("tells what to do when no registry answers", () => {
    assert.match(
      checkout.run({ FAIL: "1" }).stderr,
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
      const { status, stderr } = checkout.run({}, on(platform, arch, libc));
      assert.match(stderr, expected);
      assert.deepEqual([status, stderr.split("\n").length, checkout.runsOfNpm()], [1, 2, 0]);
    });
  }
  for (const [platform, arch, libc] of [
    ["linux", "arm64", "2.31"],
    ["darwin", "arm64", undefined],
  ] as const) {
    it(`goes on with ${platform} ${arch}`, () =>
      assert.equal(checkout.run({}, on(platform, arch, libc)).status, 0));
  }

  function line(child: ChildProcess, pattern: RegExp): Promise<string> {
    return new Promise((resolve) => {
      child.stderr?.on("data", (chunk: Buffer) => pattern.test(String(chunk)) && resolve(String(chunk)));
    });
  }
});
