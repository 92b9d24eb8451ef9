import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import {
  type EnsureOptions,
  ensureLocalAws,
  findRunning,
  resetLocalAws,
  stopLocalAws,
} from "../../../../local/aws/client.ts";
import { stateFiles } from "../../../../local/aws/stateFiles.ts";
import { isLocked } from "../../../../local/lock.ts";
import { ensureMinistackPython, ensureTrainingPython } from "../../../../local/python/python.ts";
import { run } from "../../../../local/run.ts";
import { SetupError } from "../../../../local/setupError.ts";
import { until } from "./testAws.ts";

describe("the client of the local AWS", function () {
  this.timeout(120_000);
  let options: EnsureOptions;
  const lines: string[] = [];

  before(async () => {
    const quiet = () => undefined;
    options = {
      stateDir: realpathSync(mkdtempSync(path.join(tmpdir(), "local-aws-client-"))),
      trainingPython: await ensureTrainingPython(quiet),
      ministackPython: await ensureMinistackPython(quiet),
      report: (line) => lines.push(line),
    };
  });
  after(async () => {
    await stopLocalAws(options.stateDir);
    rmSync(options.stateDir, { recursive: true, force: true });
  });

  it("starts one local AWS, however many ask for it", async () => {
    const all = await Promise.all([1, 2, 3].map(() => ensureLocalAws(options)));
    assert.equal(new Set(all.map(({ pid }) => pid)).size, 1);
    // On a busy machine the others say that they wait.
    const started = lines.filter((line) => !line.startsWith("Waiting"));
    assert.deepEqual(started, [`Local AWS started on ${all[0].endpoint}`]);
    assert.deepEqual((await findRunning(options.stateDir))?.running, all[0]);
    assert.deepEqual(await ensureLocalAws(options), all[0]);
  });

  it("sets its faults from the command line, and says when it does not run", async () => {
    await ensureLocalAws(options);
    const script = path.resolve(__dirname, "../../../../local/control.ts");
    const control = (stateDir: string, ...args: string[]) =>
      run(process.execPath, [script, ...args], { env: { ...process.env, TRAINING_STATE_DIR: stateDir } });
    const set = await control(options.stateDir, "faults", '{"quotas":{"ml.g5.xlarge":2}}');
    assert.deepEqual([set.code, JSON.parse(set.stdout).quotas], [0, { "ml.g5.xlarge": 2 }], set.output);
    const shown = await control(options.stateDir, "faults");
    assert.deepEqual(JSON.parse(shown.stdout), JSON.parse(set.stdout));
    assert.equal((await control(options.stateDir, "faults", "{}")).code, 0);
    assert.equal((await control(options.stateDir, "faults", '{"a":1}')).code, 1);
    const stopped = await control(path.join(options.stateDir, "none"), "calls");
    assert.deepEqual(
      [stopped.code, stopped.output],
      [1, "The local AWS does not run: start it with `npm run local`.\n"],
    );
  });

  it("stops it, and keeps its port for the next start", async () => {
    const { port } = await ensureLocalAws(options);
    assert.equal(await stopLocalAws(options.stateDir), true);
    assert.equal(await stopLocalAws(options.stateDir), false);
    assert.equal(await findRunning(options.stateDir), undefined);
    assert.equal((await ensureLocalAws(options)).port, port);
  });

  it("resets it while it runs", async () => {
    await ensureLocalAws(options);
    await resetLocalAws(options.stateDir);
    assert.deepEqual(readdirSync(options.stateDir), ["locks"]);
  });

  /** Starts a server by hand, beside the client; resolves with its output when it ends. */
  async function startServer(): Promise<{ code: number | null; output: string }> {
    const pythons = [
      "--training-python",
      options.trainingPython,
      "--ministack-python",
      options.ministackPython,
    ];
    const server = path.resolve(__dirname, "../../../../local/aws/server.ts");
    const child = spawn(process.execPath, [server, "--state", options.stateDir, ...pythons]);
    let output = "";
    child.stderr.on("data", (chunk) => {
      output += chunk;
    });
    const [code] = await once(child, "close");
    return { code, output };
  }

  it("never has two on one state: not while one is stopped, and not by hand", async () => {
    const { pid } = await ensureLocalAws(options);
    const impatient = { ...options, answerMs: 200 };
    const alive = new RegExp(
      `^The local AWS of ${options.stateDir} \\(process ${pid}\\) is alive and does not answer: .* kill -CONT ${pid}, .* kill -9 ${pid}\\.$`,
    );
    process.kill(pid, "SIGSTOP");
    try {
      for (const call of [
        () => ensureLocalAws(impatient),
        () => stopLocalAws(options.stateDir, impatient),
        () => resetLocalAws(options.stateDir, impatient),
      ]) {
        await assert.rejects(
          call(),
          (error: Error) => error instanceof SetupError && alive.test(error.message),
        );
      }
      const second = await startServer();
      assert.match(second.output, new RegExp(`A local AWS lives on .* already \\(process ${pid}\\)`));
      assert.equal(second.code, 1);
    } finally {
      process.kill(pid, "SIGCONT");
    }
    assert.equal((await ensureLocalAws(options)).pid, pid);
  });

  it("finds the living one behind a proxy, and under another name of its folder", async () => {
    const { pid } = await ensureLocalAws(options);
    const link = path.join(options.stateDir, "link");
    symlinkSync(options.stateDir, link);
    assert.equal((await ensureLocalAws({ ...options, stateDir: link })).pid, pid);
    rmSync(link);
    const client = pathToFileURL(path.resolve(__dirname, "../../../../local/aws/client.ts")).href;
    const code = `import { findRunning } from ${JSON.stringify(client)};
      console.log((await findRunning(process.argv[1]))?.running.pid);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", code, options.stateDir], {
      env: { ...process.env, NODE_USE_ENV_PROXY: "1", HTTP_PROXY: "http://127.0.0.1:9", NO_PROXY: "" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [printed] = await once(child.stdout, "data");
    assert.equal(Number(String(printed)), pid);
  });

  it("starts one after a crash, whatever is in the lock's file", async () => {
    const { pid } = await ensureLocalAws(options);
    process.kill(pid, "SIGKILL");
    await until("the server to be gone", () => !isLocked(stateFiles(options.stateDir).lock));
    writeFileSync(stateFiles(options.stateDir).lock, "damaged");
    const next = await ensureLocalAws(options);
    assert.notEqual(next.pid, pid);
    assert.equal(await stopLocalAws(options.stateDir), true);
  });

  it("lets one of two that start at once live", async () => {
    const both = [startServer(), startServer()];
    const loser = await Promise.race(both);
    assert.deepEqual([loser.code, /already/.test(loser.output)], [1, true]);
    await until("the other to be ready", async () => (await findRunning(options.stateDir)) !== undefined);
    await stopLocalAws(options.stateDir);
    assert.deepEqual((await Promise.all(both)).map(({ code }) => code).sort(), [0, 1]);
  });

  it("says why it did not start", async () => {
    await assert.rejects(
      ensureLocalAws({ ...options, ministackPython: "/does/not/exist" }),
      (error: Error) => {
        assert.ok(error instanceof SetupError);
        assert.match(
          error.message,
          /The local AWS did not start\. The end of .*aws\.log:\n[\s\S]*\/does\/not\/exist/,
        );
        return true;
      },
    );
    assert.equal(existsSync(path.join(options.stateDir, "aws.json")), false);
  });
});
