import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

const IN_TERMINAL = path.resolve(__dirname, "../support/in_terminal.py");

/** An engine that tells what it gets, and takes a moment to end in good order. */
const engine = `#!/bin/sh
trap 'echo INT >> "$LOG"; echo ended; sleep 0.3; echo released >> "$LOG"; exit 8' INT
trap 'echo TERM >> "$LOG"' TERM
echo ready
while :; do sleep 0.05; done
`;

describe("a deployment", () => {
  let dir: string;
  let child: ChildProcess | undefined;
  const log = () => readFileSync(path.join(dir, "log"), "utf8");
  const modules = ["deployment.ts", "main.ts"].map(
    (name) => pathToFileURL(path.resolve(__dirname, "../../local", name)).href,
  );

  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "deployment-"));
    writeFileSync(path.join(dir, "pulumi"), engine);
    chmodSync(path.join(dir, "pulumi"), 0o755);
  });
  afterEach(() => {
    child?.kill("SIGKILL");
    rmSync(dir, { recursive: true });
  });

  function command(): string[] {
    const code = `import { pulumiLines } from ${JSON.stringify(modules[0])};
      import { main } from ${JSON.stringify(modules[1])};
      const stack = { engine: { pulumi: process.argv[1] }, env: process.env };
      main(() => pulumiLines(stack, ["up"]));`;
    return ["--input-type=module", "-e", code, path.join(dir, "pulumi")];
  }

  async function start(): Promise<ChildProcess> {
    child = spawn(process.execPath, command(), {
      env: { ...process.env, LOG: path.join(dir, "log") },
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
    });
    await once(child.stdout as NodeJS.ReadableStream, "data");
    return child;
  }

  for (const signal of ["SIGTERM", "SIGHUP", "SIGINT"] as const) {
    it(`ends on ${signal} as on ^C, in good order`, async () => {
      const { pid } = await start();
      process.kill(pid as number, signal);
      process.kill(-(pid as number), signal); // once more, for the group
      const [code] = await once(child as ChildProcess, "exit");
      assert.deepEqual([code, log()], [8, "INT\nreleased\n"]);
    });
  }

  it("ends in good order when its terminal is closed", async () => {
    child = spawn("python3", [IN_TERMINAL, "100", "40", process.execPath, ...command()], {
      env: { ...process.env, LOG: path.join(dir, "log") },
      stdio: ["pipe", "pipe", "inherit"],
    });
    await once(child.stdout as NodeJS.ReadableStream, "data");
    child.stdin?.end();
    const [code] = await once(child, "exit");
    assert.deepEqual([code, log()], [8, "INT\nreleased\n"]);
  });

  it("gets the signals that npm is sent", async () => {
    const { scripts } = JSON.parse(readFileSync(path.resolve(__dirname, "../../package.json"), "utf8"));
    writeFileSync(path.join(dir, "package.json"), JSON.stringify({ scripts: { start: scripts.start } }));
    mkdirSync(path.join(dir, "local"));
    const program = `process.on("SIGTERM", () => { console.log("got it"); process.exit(3); });
      setInterval(() => undefined, 1000); console.log("ready");`;
    writeFileSync(path.join(dir, "local", "start.ts"), program);
    child = spawn("npm", ["start", "--silent"], { cwd: dir, stdio: ["ignore", "pipe", "inherit"] });
    const output = child.stdout as NodeJS.ReadableStream;
    assert.equal(String((await once(output, "data"))[0]), "ready\n");
    child.kill("SIGTERM");
    assert.equal(String((await once(output, "data"))[0]), "got it\n");
    assert.equal((await once(child, "exit"))[0], 3);
  });
});
