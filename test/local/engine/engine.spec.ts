import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { goProblem, linkBuiltCli } from "../../../local/engine/build.ts";
import { type Engine, foreignDirs, withEngine } from "../../../local/engine/engine.ts";
import { cacheDir } from "../../../local/paths.ts";

describe("goProblem", () => {
  const problem = (printed: string, code = 0) =>
    goProblem({ code, stdout: printed, output: printed }, "1.25.11", "There is no Pulumi CLI on PATH");

  it("is undefined for a Go that is new enough, and for one that may fetch what it needs", () => {
    for (const printed of ["go1.25.11\nlocal\n", "go1.30\nlocal\n", "go1.23.4\nauto\n"]) {
      assert.equal(problem(printed), undefined);
    }
  });

  it("refuses a Go that cannot fetch a newer one, or may not", () => {
    for (const printed of ["go1.23.4\nlocal\n", "go1.19.8\nauto\n"]) {
      assert.match(
        problem(printed) ?? "",
        /^There is no .*, and Go 1\.\d+\.\d is too old .* Go >= 1\.25\.11/,
      );
    }
  });
});

describe("linkBuiltCli", () => {
  let cache: string;
  beforeEach(() => {
    cache = mkdtempSync(path.join(tmpdir(), "cache-"));
  });
  afterEach(() => rmSync(cache, { recursive: true }));

  const folder = (name: string, ...files: string[]) => {
    mkdirSync(path.join(cache, name));
    for (const file of files) writeFileSync(path.join(cache, name, file), name);
    return path.join(cache, name);
  };

  it("takes the CLI from a whole folder of the same one", async () => {
    folder("pulumi-3-old", "pulumi");
    folder("pulumi-3-sums-a.tmp-1", "pulumi");
    folder("pulumi-3-sums-b");
    folder("pulumi-3-sums-c", "pulumi", "languageHost");
    const into = folder("pulumi-3-sums-d.tmp-2");
    assert.equal(await linkBuiltCli(cache, "pulumi-3-sums", into), true);
    assert.deepEqual(readdirSync(into), ["pulumi"]);
    assert.equal(readFileSync(path.join(into, "pulumi"), "utf8"), "pulumi-3-sums-c");
  });

  it("says that there is none", async () => {
    folder("pulumi-3-old", "pulumi");
    const into = folder("pulumi-3-sums-d.tmp-2");
    assert.equal(await linkBuiltCli(cache, "pulumi-3-sums", into), false);
    assert.deepEqual(readdirSync(into), []);
  });
});

describe("an engine's environment", () => {
  const engine: Engine = {
    binDirs: ["/own/node", "/own/pulumi"],
    env: { PULUMI_HOME: "/own/home", NODE_COMPILE_CACHE: "/own/compiled" },
    pulumi: "/own/pulumi/pulumi",
    source: "built",
  };

  it("puts its folders first on PATH, once, however often it is applied", () => {
    const once = withEngine(engine, { PATH: "/usr/bin:/bin", HOME: "/home/x" });
    assert.equal(once.PATH, "/own/node:/own/pulumi:/usr/bin:/bin");
    assert.equal(withEngine(engine, once).PATH, once.PATH);
    assert.equal(once.HOME, "/home/x");
    assert.equal(once.PULUMI_HOME, "/own/home");
  });

  it("leaves what this project built out of the search for an installed CLI", () => {
    const searchPath = [path.join(cacheDir, "pulumi-x"), "/usr/bin", "relative", ""].join(path.delimiter);
    assert.deepEqual(foreignDirs(searchPath), ["/usr/bin"]);
    assert.deepEqual(foreignDirs(undefined), []);
  });
});
