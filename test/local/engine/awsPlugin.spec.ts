import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { awsPlugin } from "../../../local/engine/awsPlugin.ts";
import { writePluginHome } from "../../../local/engine/pluginHome.ts";

const { version: wanted } = require("@pulumi/aws/package.json") as { version: string };
const newer = "7.999.0";
const standIn = path.resolve(__dirname, "../../../local/provider/bin/pulumi-resource-aws");

describe("the AWS provider of the engine", () => {
  let root: string;
  let lines: string[];
  const [home, user, bin] = ["own home", "user's home", "bin"].map((name) => () => path.join(root, name));
  let realHome: string | undefined;

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), "aws-plugin-"));
    lines = [];
    // What the developer has installed is not looked at.
    realHome = process.env.HOME;
    process.env.HOME = path.join(root, "nobody");
  });
  afterEach(() => {
    process.env.HOME = realHome;
    rmSync(root, { recursive: true });
  });

  const executable = (dir: string, text: string) => {
    mkdirSync(dir, { recursive: true });
    const file = path.join(dir, "pulumi-resource-aws");
    writeFileSync(file, text);
    chmodSync(file, 0o755);
    return file;
  };
  const pluginDir = (of: string, version: string) => path.join(of, "plugins", `resource-aws-v${version}`);
  const install = (version: string, of = user()) =>
    executable(pluginDir(of, version), `#!/bin/sh\necho v${version}\n`);
  const choose = (dirs: string[] = []) =>
    awsPlugin(home(), { PULUMI_HOME: user() }, dirs, (line) => lines.push(line));
  const launcherDir = () => pluginDir(home(), wanted);

  it("is the local stack's own where there is no real one, without a word", async () => {
    const { plugin, isReal, binDirs } = await choose();
    assert.deepEqual(plugin, { kind: "resource", name: "aws", version: wanted, target: standIn });
    assert.deepEqual([isReal, binDirs, lines], [false, [], []]);
  });

  it("is the real one of exactly the package's version, whatever else there is", async () => {
    install(newer);
    install("7.1.0");
    const target = install(wanted);
    assert.deepEqual(await choose(), {
      plugin: { kind: "resource", name: "aws", version: wanted, target },
      isReal: true,
      binDirs: [],
    });
    assert.deepEqual(lines, []);
  });

  it("is found in ~/.pulumi as well", async () => {
    const target = install(wanted, path.join(root, "nobody", ".pulumi"));
    assert.equal((await choose()).plugin.target, target);
  });

  for (const other of ["7.1.0", newer, "8.0.0", `${wanted}-alpha.1`]) {
    it(`is the local stack's own where only ${other} is installed, and one line says so`, async () => {
      const target = install(other);
      assert.equal((await choose()).plugin.target, standIn);
      assert.deepEqual(lines, [
        `Not using the AWS provider ${other} (${target}): @pulumi/aws asks for exactly ${wanted}, and the local stack's own stands in for it`,
      ]);
    });
  }

  it("is none that is still being downloaded, that is missing in its folder, or that may not be executed", async () => {
    install(wanted);
    writeFileSync(`${pluginDir(user(), wanted)}.partial`, "");
    chmodSync(install(wanted, path.join(root, "nobody", ".pulumi")), 0o644);
    mkdirSync(pluginDir(home(), wanted), { recursive: true });
    assert.equal((await choose()).plugin.target, standIn);
    assert.deepEqual(lines, []);
  });

  it("is left on PATH where it has the package's version", async () => {
    const target = executable(bin(), `#!/bin/sh\n[ "$1" = --version ] && echo v${wanted}\n`);
    const { plugin, binDirs } = await choose([bin()]);
    assert.deepEqual([plugin.target, binDirs, lines], [target, [], []]);
  });

  it("comes before another version on PATH, which the engine would take", async () => {
    executable(bin(), `#!/bin/sh\necho ${newer}\n`);
    assert.deepEqual((await choose([bin()])).binDirs, [launcherDir()]);
    assert.match(lines.join(), new RegExp(`^Not using the AWS provider ${newer.replaceAll(".", "\\.")} `));

    const target = install(wanted);
    const { plugin, binDirs } = await choose([bin()]);
    assert.deepEqual([plugin.target, binDirs], [target, [launcherDir()]]);
  });

  it("comes before one on PATH that does not tell its version", async () => {
    executable(bin(), "#!/bin/sh\nexit 1\n");
    assert.deepEqual((await choose([bin()])).binDirs, [launcherDir()]);
    assert.match(lines.join(), /^Not using the AWS provider of unknown version /);
  });

  it("is the same in a shell that stands on the local stack already", async () => {
    const target = install(wanted);
    const first = await choose();
    await writePluginHome(home(), [first.plugin]);
    // local:env has put this home in place of the user's.
    const nested = await awsPlugin(home(), { PULUMI_HOME: home() }, [], () => {});
    assert.equal(nested.plugin.target, target);
    rmSync(target);
    assert.equal((await choose()).plugin.target, standIn);
  });

  it("never takes a launcher of the stand-in for a real one", async () => {
    await writePluginHome(user(), [(await choose()).plugin]);
    assert.deepEqual(await choose([path.dirname(standIn), pluginDir(user(), wanted)]), await choose());
    assert.deepEqual(lines, []);
  });

  it("stays what was installed into the engine's own home", async () => {
    const target = install(wanted, home());
    const { plugin } = await choose();
    await writePluginHome(home(), [plugin]);
    assert.equal((await choose()).plugin.target, target);
    assert.equal(plugin.target, target);
  });
});
