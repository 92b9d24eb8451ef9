import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import language from "@pulumi/pulumi/proto/language_pb";
import { call, FakeProgram, type Host, languageHost, searchPath, startHost } from "../support/languageHost";

describe("the packages of a program, for the language host", () => {
  let host: Host;
  let program: FakeProgram;
  const npm = () => path.join(program.dir, "bin", "npm");
  beforeEach(async function () {
    const file = await languageHost(this);
    program = new FakeProgram();
    program.write("bin/npm", "");
    host = await startHost(file, { PATH: `${path.dirname(npm())}:${searchPath()}` });
  });
  afterEach(async () => {
    await host?.stop();
    program?.remove();
  });

  const manifest = (dependencies: object, more = {}) =>
    program.write("package.json", JSON.stringify({ dependencies, ...more }));
  const install = (name: string, version: string) =>
    program.write(`node_modules/${name}/package.json`, JSON.stringify({ name, version }));

  function list(dir = program.dir) {
    const request = new language.GetProgramDependenciesRequest().setInfo(program.info({}, dir));
    return call<language.GetProgramDependenciesResponse>((callback) =>
      host.client.getProgramDependencies(request, callback),
    ).then((response) => response.getDependenciesList().map((entry) => entry.toObject()));
  }

  it("are those that its manifest names, as they are installed, or else asked for", async () => {
    manifest(
      { here: "^1.0.0", absent: "^2.0.0", "@some/both": "^3.0.0" },
      { devDependencies: { dev: "1", "@some/both": "*" } },
    );
    install("here", "1.2.3");
    install("@some/both", "3.0.1");
    assert.deepEqual(await list(), [
      { name: "@some/both", version: "3.0.1" },
      { name: "absent", version: "^2.0.0" },
      { name: "dev", version: "1" },
      { name: "here", version: "1.2.3" },
    ]);
  });

  it("are none without a manifest, and a broken one is named", async () => {
    program.write("below/index.js", "");
    assert.deepEqual(await list(path.join(program.dir, "below")), []);
    program.write("package.json", "{");
    await assert.rejects(list(), new RegExp(`${program.dir}/package.json cannot be read: `));
  });

  /** Has `npm` note what it was asked for. */
  function fakeNpm(script: string): void {
    program.write("bin/npm", `#!/bin/sh\necho "$@" >> "${program.dir}/asked"\n${script}\n`);
    chmodSync(npm(), 0o755);
  }
  const asked = () => {
    const file = path.join(program.dir, "asked");
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  };

  async function installAll(dir = program.dir) {
    const request = new language.InstallDependenciesRequest().setInfo(program.info({}, dir));
    const printed = { stdout: "", stderr: "" };
    const stream: AsyncIterable<language.InstallDependenciesResponse> =
      host.client.installDependencies(request);
    for await (const response of stream) {
      printed.stdout += Buffer.from(response.getStdout_asU8());
      printed.stderr += Buffer.from(response.getStderr_asU8());
    }
    return printed;
  }

  it("are left alone when all are there, if only in a folder above", async () => {
    fakeNpm("");
    install("here", "1.2.3");
    program.write(
      "below/package.json",
      '{ "dependencies": { "here": "*" }, "devDependencies": { "absent": "*" } }',
    );
    assert.deepEqual(await installAll(path.join(program.dir, "below")), { stdout: "", stderr: "" });
    assert.equal(asked(), "");
  });

  it("are installed when one is missing: from the lockfile where there is one", async () => {
    fakeNpm("pwd; echo warning >&2");
    manifest({ absent: "*" });
    assert.deepEqual(await installAll(), { stdout: `${program.dir}\n`, stderr: "warning\n" });
    program.write("package-lock.json", "{}");
    await installAll();
    assert.equal(asked(), "install\nci\n");
  });

  it("fail the call when npm fails", async () => {
    fakeNpm("exit 3");
    manifest({ absent: "*" });
    await assert.rejects(installAll(), new RegExp(`npm install failed in ${program.dir}: exit status 3`));
  });
});
