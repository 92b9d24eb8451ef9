import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const projectDir = path.resolve(__dirname, "../../..");
const preload = path.join(projectDir, "local/engine/preload.cjs");

describe("preload", function () {
  this.timeout(300_000);
  let dir: string;

  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "preload-"));
    symlinkSync(path.join(projectDir, "node_modules"), path.join(dir, "node_modules"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  /** What a program prints that is run as the language host runs one. */
  function run(
    files: Record<string, string>,
    env: NodeJS.ProcessEnv = {},
  ): { stdout: string; stderr: string } {
    for (const [name, content] of Object.entries(files)) writeFileSync(path.join(dir, name), content);
    const main = Object.keys(files)[0];
    const { NODE_OPTIONS: _tests, ...outer } = process.env;
    const { stdout, stderr } = spawnSync(process.execPath, ["-r", preload, "-e", `require("./${main}")`], {
      cwd: dir,
      encoding: "utf8",
      env: {
        ...outer,
        PULUMI_NODEJS_TYPESCRIPT: "preloaded",
        NODE_COMPILE_CACHE: path.join(dir, "cache"),
        ...env,
      },
    });
    return { stdout: stdout.trimEnd(), stderr };
  }

  const program = {
    "main.ts": `import type { Shape } from "./shape";
import * as shape from "./shape";
export class Base { constructor(readonly sides: number) {} }
const square: Shape = { sides: 4 };
console.log(shape.nameOf(square), new Base(3).sides, Base.name);
`,
    "shape.ts": `export interface Shape { sides: number }
export const nameOf = ({ sides }: Shape): string => (sides === 4 ? "square" : "other");
`,
  };

  it("runs TypeScript, and keeps what was compiled", () => {
    assert.equal(run(program).stdout, "square 3 Base");
    assert.equal(readdirSync(path.join(dir, "cache", "typescript")).length, 2);
    assert.equal(run(program).stdout, "square 3 Base");
  });

  it("compiles a file that has changed, and one of which half was kept", () => {
    assert.equal(run(program).stdout, "square 3 Base");
    const cache = path.join(dir, "cache", "typescript");
    for (const name of readdirSync(cache)) writeFileSync(path.join(cache, name), '{"code":');
    assert.equal(run(program).stdout, "square 3 Base");
    const changed = { ...program, "shape.ts": program["shape.ts"].replace('"square"', '"rectangle"') };
    assert.equal(run(changed).stdout, "rectangle 3 Base");
  });

  it("runs where nothing can be kept", () => {
    mkdirSync(path.join(dir, "cache"));
    writeFileSync(path.join(dir, "cache", "typescript"), "a file");
    assert.equal(run(program).stdout, "square 3 Base");
    assert.equal(run(program, { NODE_COMPILE_CACHE: "" }).stdout, "square 3 Base");
  });

  it("shows in a stack trace the lines that the user wrote", () => {
    const { stdout } = run({
      "main.ts": `interface Unused {
  field: string;
}
type Also = Unused;
function fails(also: Also): never { throw new Error(also.field); }
try { fails({ field: "here" }); } catch (error) { console.log((error as Error).stack); }
`,
    });
    assert.match(stdout, /Error: here\n\s+at fails \(.*main\.ts:5:43\)/);
  });

  it("loads the compiler and the packer of the SDK when they are used", () => {
    const { stdout, stderr } = run({
      "main.js": `const loaded = (name) => Object.keys(require.cache).some((file) => file.includes(name));
const pulumi = require("@pulumi/pulumi");
console.log(loaded("/typescript/lib/"), loaded("/arborist/lib/"));
const ts = require("typescript");
const { Arborist } = require("@npmcli/arborist");
console.log(ts.version === require(require.resolve("typescript/package.json")).version, typeof new Arborist({ path: "." }).loadActual);
const answer = 42;
pulumi.runtime.serializeFunction(() => answer).then(({ text }) => console.log(text.includes("42")));
`,
    });
    assert.equal(stdout, "false false\ntrue function\ntrue", stderr);
  });
});
