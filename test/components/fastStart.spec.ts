import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";

const PROJECT = path.resolve(__dirname, "../..");
const execute = promisify(execFile);

describe("fastStart", function () {
  this.timeout(120_000);
  let dir: string;
  /** As main.js has it, in a project of its own with this one's packages. */
  const run = async (script: string) => {
    const { stdout } = await execute(
      process.execPath,
      ["-e", `require("./components/fastStart"); ${script}`],
      { cwd: dir, env: { PATH: process.env.PATH } },
    );
    return stdout;
  };
  const cache = () => path.join(dir, "node_modules", ".cache");

  beforeEach(() => {
    dir = fs.mkdtempSync(path.join(os.tmpdir(), "training-fast-start-"));
    fs.mkdirSync(path.join(dir, "components"));
    fs.cpSync(path.join(PROJECT, "components", "fastStart.js"), path.join(dir, "components", "fastStart.js"));
    fs.writeFileSync(path.join(dir, "package.json"), `{"dependencies": {"sucrase": "*"}}`);
    fs.mkdirSync(path.join(dir, "node_modules"));
    for (const name of ["sucrase", "@pulumi", "@npmcli", "typescript"]) {
      fs.symlinkSync(path.join(PROJECT, "node_modules", name), path.join(dir, "node_modules", name));
    }
    fs.writeFileSync(
      path.join(dir, "program.ts"),
      `// ${randomUUID()}
import * as path from "node:path";
import type {
  Stats,
} from "node:fs";

interface Shape {
  width: number;
}

export class Box<T extends Shape> {
  declare readonly stats: Stats;
  readonly #shape: T;
  static readonly sep: string = path.sep;
  constructor(shape: T) {
    this.#shape = shape satisfies Shape;
  }
  get width(): number {
    return this.#shape?.width ?? 0;
  }
}
export const line = () => new Error("x").stack as string; // 22
`,
    );
  });
  afterEach(() => fs.rmSync(dir, { recursive: true, force: true }));

  it("loads TypeScript", async () => {
    const shown = await run(
      `const { Box } = require("./program"); const box = new Box({ width: 3 });
       console.log(box.width, Box.sep, "stats" in box);`,
    );
    assert.equal(shown, "3 / false\n");
  });

  it("names the lines that were written", async () => {
    assert.match(await run(`console.log(require("./program").line());`), /program\.ts:22:/);
  });

  it("compiles each content once", async () => {
    const width = `console.log(new (require("./program").Box)({ width: 3 }).width);`;
    await run(width);
    const [kept] = fs.readdirSync(path.join(cache(), "typescript"));
    fs.writeFileSync(
      path.join(cache(), "typescript", kept),
      "exports.Box = class { width = 'what was kept' };",
    );
    assert.equal(await run(width), "what was kept\n");
    fs.appendFileSync(path.join(dir, "program.ts"), "// edited\n");
    assert.equal(await run(width), "3\n");
    assert.equal(fs.readdirSync(path.join(cache(), "typescript")).length, 2);
  });

  it("runs where nothing can be kept", async () => {
    fs.writeFileSync(cache(), "not a folder");
    assert.equal(await run(`console.log(new (require("./program").Box)({ width: 3 }).width);`), "3\n");
  });

  it("keeps what is in a namespace", async () => {
    fs.writeFileSync(
      path.join(dir, "sizes.ts"),
      "export namespace Sizes {\n  export const width: number = 3;\n}\nexport enum Unit { mm = 'mm' }\n",
    );
    const shown = await run(`const { Sizes, Unit } = require("./sizes"); console.log(Sizes.width, Unit.mm);`);
    assert.equal(shown, "3 mm\n");
  });

  it("does without a module that another version of the SDK may not have", async () => {
    fs.rmSync(path.join(dir, "node_modules", "@pulumi"));
    fs.mkdirSync(path.join(dir, "node_modules", "@pulumi", "pulumi"), { recursive: true });
    fs.writeFileSync(path.join(dir, "node_modules", "@pulumi", "pulumi", "package.json"), "{}");
    assert.equal(await run(`console.log(new (require("./program").Box)({ width: 3 }).width);`), "3\n");
  });

  it("leaves the SDK what it serializes functions with", async () => {
    const shown = await run(
      `const { runtime } = require("@pulumi/pulumi");
       const isLoaded = (name) => Object.keys(require.cache).some((file) => file.includes(name));
       const late = ["typescript/lib/typescript.js", "pacote/lib", "automation/workspace", "hosted-git-info"];
       console.log(late.filter(isLoaded).join() || "none");
       console.log(typeof require("@pulumi/pulumi").automation.LocalWorkspace.create);
       runtime.serializeFunction(() => 42).then(({ text }) => console.log(/return 42|=> 42/.test(text)));
       runtime.computeCodePaths().then((paths) => console.log(paths.size > 0));`,
    );
    assert.equal(shown, "none\nfunction\ntrue\ntrue\n");
  });
});
