import assert from "node:assert/strict";
import path from "node:path";
import { goProblem } from "../../../local/engine/build.ts";
import { type Engine, foreignDirs, withEngine } from "../../../local/engine/engine.ts";
import { cacheDir } from "../../../local/paths.ts";

describe("goProblem", () => {
  it("is undefined for a Go that is new enough", () => {
    assert.equal(goProblem("go1.25.11\nlocal\n", "1.25.11"), undefined);
    assert.equal(goProblem("go1.30\nlocal\n", "1.25.11"), undefined);
  });

  it("lets an older Go fetch the toolchain it needs, unless it may not", () => {
    assert.equal(goProblem("go1.23.4\nauto\n", "1.25.11"), undefined);
    assert.match(
      goProblem("go1.23.4\nlocal\n", "1.25.11") ?? "",
      /^Go 1\.23\.4 is too old .* Go >= 1\.25\.11/,
    );
  });

  it("refuses a Go that cannot fetch toolchains", () => {
    assert.match(goProblem("go1.19.8\nauto\n", "1.25.11") ?? "", /too old/);
  });

  it("names both remedies in one line when there is no Go", () => {
    const problem = goProblem(undefined, "1.25.11") ?? "";
    assert.match(problem, /install Go >= 1\.25\.11 .* or a Pulumi CLI >= 3\.200/);
    assert.equal(problem.split("\n").length, 1);
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
