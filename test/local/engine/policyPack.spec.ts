import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { nodeDir, projectDir } from "../../../local/paths.ts";

const starter = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");

describe("what is loaded before a policy pack", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "training-policy-pack-"));
    symlinkSync(path.join(projectDir, "node_modules"), path.join(dir, "node_modules"));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  /** Starts a pack as the language host does, up to its port or its end. */
  async function start(pack: string, { preloaded }: { preloaded: boolean }) {
    const probe = path.join(dir, "probe.cjs");
    const loaded = path.join(dir, "loaded");
    writeFileSync(
      probe,
      `process.once("SIGTERM", () => { require("node:fs").writeFileSync(${JSON.stringify(loaded)}, Object.keys(require.cache).join("\\n")); process.exit(); });`,
    );
    const preload = path.join(projectDir, "local", "engine", "policyPack.cjs");
    const required = [probe, ...(preloaded ? [preload] : [])].map((file) => `--require=${file}`);
    const child = spawn(path.join(nodeDir, "node"), [...required, starter, "127.0.0.1:1", pack], {
      cwd: pack,
    });
    let said = "";
    child.stderr.on("data", (chunk) => {
      said += chunk;
    });
    const ended = once(child, "close");
    const port = await Promise.race([once(createInterface(child.stdout), "line"), ended.then(() => [""])]);
    child.kill("SIGTERM");
    await ended;
    return {
      port: String(port[0]),
      said,
      loaded: existsSync(loaded) ? readFileSync(loaded, "utf8").split("\n") : [],
    };
  }

  const compilers = (files: string[]) =>
    files.filter((file) => /node_modules\/(typescript|ts-node)\//.test(file));

  it("spares the guardrails the compilers of TypeScript", async () => {
    const pack = path.join(projectDir, "policies");
    const { port, loaded } = await start(pack, { preloaded: true });
    assert.match(port, /^\d+$/);
    assert.ok(loaded.includes(path.join(pack, "rules", "index.ts")));
    assert.deepEqual(compilers(loaded), []);
    assert.notDeepEqual(compilers((await start(pack, { preloaded: false })).loaded), []); // else there is nothing to spare
  });

  it("leaves any other pack to be checked by TypeScript", async () => {
    writeFileSync(path.join(dir, "package.json"), '{ "name": "other", "version": "1.0.0" }');
    writeFileSync(path.join(dir, "index.ts"), 'export const days: number = "seven";\n');
    const { port, said } = await start(dir, { preloaded: true });
    assert.equal(port, "");
    assert.match(said, /Type 'string' is not assignable to type 'number'/);
  });
});
