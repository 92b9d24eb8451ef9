import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { cliPackage } from "../../../local/engine/goBuild.mjs";
import { failing, SetupCheckout } from "../support/setupCheckout";

/** A stand-in for Go that works, in two processes, until it is ended. */
const fakeGo = `#!/bin/sh
sleep 1000 &
echo "$$ $! $GOTMPDIR $GOMEMLIMIT $*" > "$LOG.go.part"
touch "$GOTMPDIR/half"
mv "$LOG.go.part" "$LOG.go"
wait
`;

/** A process that has ended may wait for somebody to ask how. */
function isZombieOrGone(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return stdout.trim() === "" || stdout.startsWith("Z");
}

describe("compileAhead, in the set-up where there is a Go", () => {
  let checkout: SetupCheckout;
  let log: string;

  beforeEach(() => {
    checkout = new SetupCheckout();
    log = path.join(checkout.dir, "log.go");
    checkout.writeProgram("go", fakeGo);
  });
  afterEach(() => checkout.remove());

  /** Its two processes, its folder for what it works on, and how it was called. */
  const calledGo = () => {
    const [pid, compiler, work, limit, ...args] = readFileSync(log, "utf8").trim().split(" ");
    return { pids: [Number(pid), Number(compiler)], work, limit, args };
  };
  /** A process that was killed takes a moment to be gone. */
  const hasEnded = async (what: () => boolean) => {
    const until = performance.now() + 10_000;
    while (!what() && performance.now() < until) await setImmediate();
    return what();
  };
  const isGone = ({ pids, work }: ReturnType<typeof calledGo>) =>
    hasEnded(() => [...pids.map((pid) => isZombieOrGone(pid)), !existsSync(work)].every(Boolean));
  const started = async (child: { exitCode: number | null }) => {
    while (!existsSync(log) && child.exitCode === null) await setImmediate();
  };

  it("has it compile the CLI until npm is done", async () => {
    const { status, stderr } = checkout.run({ WAIT: log });
    assert.match(stderr, /^Installing the npm packages .*, and compiling the Pulumi CLI meanwhile \(/);
    assert.equal(status, 0);
    const go = calledGo();
    assert.deepEqual([go.args[0], go.args.at(-2), await isGone(go)], ["build", cliPackage, true]);
    assert.ok(!go.args.includes("-o"), "what is not asked for is not linked to a place");
    assert.match(go.limit, /^\d+MiB$/);
    assert.deepEqual(checkout.leftovers(), []);
  });

  it("ends it where npm fails", async () => {
    assert.equal(checkout.run({ WAIT: log, FAIL: "1" }).status, 1);
    assert.ok(await isGone(calledGo()));
  });

  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"] as const) {
    it(`ends it with the set-up, by ${signal}`, async () => {
      const child = checkout.start({ WAIT: path.join(checkout.dir, "never") });
      await started(child);
      child.kill(signal);
      await once(child, "exit");
      assert.ok(await isGone(calledGo()));
    });
  }

  it("sweeps what a set-up that was killed has left", async () => {
    const npmMayFail = path.join(checkout.dir, "npm-may-fail");
    const child = checkout.start({ WAIT: npmMayFail, FAIL: "1" });
    await started(child);
    child.kill("SIGKILL");
    await once(child, "exit");
    const { pids, work } = calledGo();
    assert.ok(existsSync(path.join(work, "half")));
    for (const pid of pids) process.kill(pid, "SIGKILL"); // they would end by themselves, minutes later
    writeFileSync(npmMayFail, ""); // so would npm
    rmSync(path.join(checkout.dir, ".local", "setup.lock"), { recursive: true });
    rmSync(path.join(checkout.dir, "bin", "go"));
    assert.equal(checkout.run().status, 0);
    assert.deepEqual(checkout.leftovers(), []);
  });

  it("goes without where its folder cannot be made", () => {
    const { status, stderr } = checkout.run({}, failing("mkdirSync", "ENOSPC", "compiling"));
    assert.deepEqual([status, /CLI/.test(stderr)], [0, false]);
  });

  const there: Record<string, () => void> = {
    "there is a Pulumi CLI": () => checkout.writeProgram("pulumi", "#!/bin/sh\n"),
    "one was built": () =>
      mkdirSync(path.join(checkout.dir, "cache", "pulumi-3.259.0-x"), { recursive: true }),
    "what is called go is a folder": () => {
      rmSync(path.join(checkout.dir, "bin", "go"));
      mkdirSync(path.join(checkout.dir, "bin", "go"));
    },
    "Go may not be run": () => chmodSync(path.join(checkout.dir, "bin", "go"), 0o644),
  };
  for (const [what, make] of Object.entries(there)) {
    it(`leaves it alone where ${what}`, () => {
      make();
      const { status, stderr } = checkout.run();
      assert.deepEqual([status, /CLI/.test(stderr)], [0, false]);
      assert.ok(!existsSync(log));
    });
  }

  it("leaves alone a Go in a folder that is another one from elsewhere", () => {
    const { status, stderr } = checkout.run({ PATH: "bin" });
    assert.deepEqual([status, /CLI/.test(stderr), existsSync(log)], [0, false, false]);
  });
});
