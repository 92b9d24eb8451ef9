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
    for (const name of ["fastStart.js", "loadLater.js"])
      fs.cpSync(path.join(PROJECT, "components", name), path.join(dir, "components", name));
    fs.writeFileSync(path.join(dir, "package.json"), `{"dependencies": {"sucrase": "*"}}`);
    fs.mkdirSync(path.join(dir, "node_modules"));
    for (const name of ["sucrase", "@pulumi", "@npmcli", "typescript", "tar"]) {
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

  for (const [what, source] of [
    ["a namespace", "export namespace Sizes {\n  export const width: number = 3;\n}"],
    ["a namespace behind a comment", "/** Of all. */ export namespace Sizes { export const width = 3 }"],
    [
      "a namespace behind a statement",
      "const three = 3; export namespace Sizes { export const width = three }",
    ],
    [
      "another name for what is in a namespace",
      "namespace All { export namespace Größe { export const width = 3 } }\nexport import Sizes = All.Größe;",
    ],
    [
      "a decorator",
      "const three = (made: any) => { made.width = 3 };\n@three\nclass Sizes { declare static width: number }\nexport { Sizes };",
    ],
  ]) {
    it(`takes what sucrase does not: ${what}`, async () => {
      fs.writeFileSync(path.join(dir, "sizes.ts"), `${source}\nexport enum Unit { mm = 'mm' }\n`);
      const shown = await run(
        `const { Sizes, Unit } = require("./sizes"); console.log(Sizes.width, Unit.mm);`,
      );
      assert.equal(shown, "3 mm\n");
    });
  }

  it("does without a module that another version of the SDK may not have", async () => {
    fs.rmSync(path.join(dir, "node_modules", "@pulumi"));
    fs.mkdirSync(path.join(dir, "node_modules", "@pulumi", "pulumi"), { recursive: true });
    fs.writeFileSync(path.join(dir, "node_modules", "@pulumi", "pulumi", "package.json"), "{}");
    assert.equal(await run(`console.log(new (require("./program").Box)({ width: 3 }).width);`), "3\n");
  });

  it("leaves modules what they are to who takes them apart, makes classes of them or waits for them", async () => {
    const shown = await run(
      `const tar = require("tar"); const { create, ...rest } = tar;
       const { SimpleSpanProcessor } = require(
         require.resolve("@opentelemetry/sdk-trace-base", { paths: [require.resolve("@pulumi/pulumi")] }));
       class Mine extends SimpleSpanProcessor { hello() { return "hello"; } }
       console.log(typeof create, Object.keys(rest).includes("extract"), "list" in tar, "nothing" in tar);
       console.log(new Mine({ export() {}, shutdown() {} }).hello());
       Promise.resolve(require("tar")).then(({ list }) => console.log(typeof list));`,
    );
    assert.equal(shown, "function true true false\nhello\nfunction\n");
  });

  it("leaves the SDK the modules that a serialized function uses", async () => {
    const shown = await run(
      `const pulumi = require("@pulumi/pulumi"); const tar = require("tar");
       pulumi.runtime.serializeFunction(() => tar.create({}, [])).then(({ text }) => console.log(text.includes("const tar = require(")));`,
    );
    assert.equal(shown, "true\n");
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
