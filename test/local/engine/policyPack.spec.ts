import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { nodePlugins } from "../../../local/engine/pluginHome.ts";
import { nodeDir, projectDir } from "../../../local/paths.ts";

const starter = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
const preload = path.join(projectDir, "local", "engine", "policyPack.cjs");

describe("what is loaded before a policy pack", () => {
  let dir: string;
  let child: ChildProcess | undefined;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "training-policy-pack-"));
  });
  afterEach(() => {
    child?.kill("SIGKILL");
    rmSync(dir, { recursive: true });
  });

  const write = (name: string, text: string) => {
    mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    writeFileSync(path.join(dir, name), text);
  };

  /** Starts a pack as the language host does, up to its port or its end. */
  async function start(pack: string, node = [`--require=${preload}`]) {
    const loaded = path.join(dir, "loaded");
    write(
      "probe.cjs",
      `const { writeFileSync } = require("node:fs");
       process.once("SIGTERM", () => {
         writeFileSync(${JSON.stringify(loaded)}, Object.keys(require.cache).join("\\n"));
         process.exit();
       });`,
    );
    const args = [`--require=${path.join(dir, "probe.cjs")}`, ...node, starter, "127.0.0.1:1", pack];
    const running = spawn(path.join(nodeDir, "node"), args, { cwd: pack });
    child = running;
    let said = "";
    running.stderr.on("data", (chunk) => {
      said += chunk;
    });
    const ended = once(running, "close");
    const line = once(createInterface(running.stdout as Readable), "line");
    const [first] = await Promise.race([line, ended.then(() => [""])]);
    running.kill("SIGTERM");
    await ended;
    return {
      first: String(first),
      said,
      loaded: existsSync(loaded) ? readFileSync(loaded, "utf8").split("\n") : [],
    };
  }

  const compilers = (files: string[]) =>
    files.filter((file) => /node_modules\/(typescript|ts-node)\//.test(file));

  it("is what the launcher of the language host names", () => {
    const [{ args = [] }] = nodePlugins("/built");
    assert.ok(args.includes(`--pack-node-arg=--require=${preload}`), args.join());
  });

  it("spares the guardrails the compilers of TypeScript", async () => {
    const pack = path.join(projectDir, "policies");
    const { first, loaded } = await start(pack);
    assert.match(first, /^\d+$/);
    assert.ok(loaded.includes(path.join(pack, "rules", "index.ts")));
    assert.deepEqual(compilers(loaded), []);
    assert.notDeepEqual(compilers((await start(pack, [])).loaded), []); // else there is nothing to spare
  });

  it("leaves V8 with the flags that it has for any pack, or neither takes what was compiled for the other", async () => {
    const flags = "console.log(typeof new Function('return %GetOptimizationStatus(() => 1)')());";
    write("guardrails/package.json", '{ "main": "main.js" }');
    write("guardrails/main.js", `require("../components/fastStart"); ${flags}`);
    write(
      "components/fastStart.js",
      `require(${JSON.stringify(path.join(projectDir, "components", "fastStart"))});`,
    );
    write("other/index.js", flags);
    for (const pack of ["guardrails", "other"])
      assert.equal((await start(path.join(dir, pack))).first, "number");
  });

  describe("in a project such as this one", () => {
    const FAST = 'require("../components/fastStart");';
    beforeEach(() => {
      symlinkSync(path.join(projectDir, "node_modules"), path.join(dir, "node_modules"));
      write("components/fastStart.js", "process.fast = true;");
    });
    const program = (main: string, text: string) => {
      write("pack/package.json", JSON.stringify({ name: "pack", version: "1.0.0", main }));
      write("pack/main.js", text);
      write("pack/index.ts", 'export const days: number = "seven";\n');
      return path.join(dir, "pack");
    };

    for (const [what, main, text] of [
      ["that loads TypeScript by itself", "main.js", 'require("./index.ts");'],
      ["that does not begin with its main.js", "index.ts", FAST],
    ]) {
      it(`leaves a pack ${what} to be checked by TypeScript`, async () => {
        const { first, said } = await start(program(main, text));
        assert.equal(first, "");
        assert.match(said, /Type 'string' is not assignable to type 'number'/);
      });
    }

    it("leaves a pack alone that is installed elsewhere", async () => {
      rmSync(path.join(dir, "components"), { recursive: true });
      const { first } = await start(program("main.js", `console.log("started"); if (false) ${FAST}`));
      assert.equal(first, "started");
    });

    it("leaves the threads and processes of a pack alone", async () => {
      write("pack/child.js", "process.exitCode = process.fast ? 1 : 0;");
      const pack = program(
        "main.js",
        `${FAST}
         const { fork } = require("node:child_process");
         const { Worker } = require("node:worker_threads");
         const ended = (each) => new Promise((resolve) => each.once("exit", resolve));
         (async () => {
           const codes = [await ended(new Worker("./child.js", { stdout: true })), await ended(fork("./child.js", { silent: true }))];
           console.log(codes.join(), process.fast);
         })();`,
      );
      const { first, said } = await start(pack);
      assert.deepEqual([first, said], ["0,0 true", ""]);
    });
  });
});
