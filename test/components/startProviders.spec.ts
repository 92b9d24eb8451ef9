import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { takesStacksAws } from "../../components/startProviders";
import { runProgram } from "./support/program";

const PROJECT = path.resolve(__dirname, "../..");
const FILES = ["startProviders", "trainingJob/startProvider"].map((file) =>
  require.resolve(`../../components/${file}`),
);

/** As a program finds it, which is a process of its own. */
function load(): typeof import("../../components/startProviders") {
  for (const file of FILES) delete require.cache[file];
  return require(FILES[0]);
}

describe("startProviders", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "training-start-providers-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const asked = async (source: string) => {
    const program = path.join(dir, "index.ts");
    writeFileSync(program, source);
    const { startProviders } = load();
    const { calls, result } = await runProgram(() => startProviders(program));
    await result;
    return calls.map(({ token }) => token);
  };

  it("asks the provider of AWS, which makes what a job needs, before that of the jobs", async () => {
    assert.deepEqual(await asked(`import { Experiment } from "./components/experiment";`), [
      "aws:index/getPartition:getPartition",
      "pulumi-nodejs:dynamic/sagemaker:start",
    ]);
  });

  it("asks that of the jobs alone where a program may have an AWS provider of its own", async () => {
    assert.deepEqual(await asked(`import { options } from "./mine";`), [
      "pulumi-nodejs:dynamic/sagemaker:start",
    ]);
  });

  for (const source of [
    `import * as aws from "@pulumi/aws";\nnew Experiment("a", config, { provider: new aws.Provider("p") });`,
    `import { Experiment } from "./components/experiment";\nnew Experiment("a", config, { providers });`,
    `import options from './options';`,
    `import "./before";`,
    `const options = require("./options");`,
    `const { options } = await import("./options.js");`,
    `export * from "../other/index";`,
    `import { Mine } from "./components/mine";`,
    `import { Mine } from "./components/../mine";`,
    `import { Experiment } from "./components/experiment";\nconst mine = require(path.join("a", "b"));`,
    `import { Experiment } from "./components/experiment";\nimport/* mine */"./mine";`,
    `import { loadConfig } from "./components/config";`,
  ]) {
    it(`finds a program that may have another: ${source}`, () => assert.equal(takesStacksAws(source), false));
  }

  it("knows that the programs of this project have none", () => {
    for (const file of ["index.ts", "deploy/index.ts"]) {
      assert.equal(takesStacksAws(readFileSync(path.join(PROJECT, file), "utf8")), true, file);
    }
  });
});
