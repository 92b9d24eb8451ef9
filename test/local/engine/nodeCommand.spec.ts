import assert from "node:assert/strict";
import path from "node:path";
import {
  engineAddress,
  type PluginRequest,
  type ProgramRequest,
  parseEnv,
  pluginCommand,
  programCommand,
} from "../../../local/engine/nodeCommand.ts";

const project = path.resolve(__dirname, "../../..");
const program: ProgramRequest = {
  programDirectory: project,
  entryPoint: "index.ts",
  rootDirectory: project,
  pwd: "/work dir",
  args: [],
  organization: "organization",
  project: "training",
  stack: "dev",
  monitor: "127.0.0.1:1",
  engine: "127.0.0.1:2",
  parallel: 8,
  dryRun: false,
  config: { "aws:region": "eu-west-1", "training:key": "secret" },
  configSecretKeys: ["training:key"],
  options: {},
};
const plugin: PluginRequest = {
  programDirectory: project,
  pwd: "/elsewhere",
  args: ["127.0.0.1:2"],
  env: ["A=1", "B=x=y"],
  kind: "analyzer",
  options: {},
};
const run = require.resolve("@pulumi/pulumi/cmd/run");

describe("programCommand", () => {
  it("runs the SDK of the program with what the engine said", () => {
    const { args, cwd } = programCommand(program, {});
    assert.equal(cwd, project);
    assert.deepEqual(args, [
      run,
      ...["--organization", "organization", "--project", "training", "--stack", "dev"],
      ...["--root-directory", project, "--pwd", "/work dir", "--parallel", "8"],
      ...["--monitor", "127.0.0.1:1", "--engine", "127.0.0.1:2"],
      "index.ts",
    ]);
  });

  it("marks a preview, loads the main module by default, and passes arguments on", () => {
    const { args } = programCommand({ ...program, dryRun: true, entryPoint: "", args: ["x"] }, {});
    assert.deepEqual(args.slice(-3), ["--dry-run", ".", "x"]);
  });

  it("hands over the configuration as JSON", () => {
    const { env } = programCommand(program, {});
    assert.deepEqual(JSON.parse(env.PULUMI_CONFIG ?? ""), program.config);
    assert.deepEqual(JSON.parse(env.PULUMI_CONFIG_SECRET_KEYS ?? ""), ["training:key"]);
  });

  it("does not check types unless the user asks for it", () => {
    assert.equal(programCommand(program, {}).env.PULUMI_NODEJS_TRANSPILE_ONLY, "true");
    const asked = programCommand(program, { PULUMI_NODEJS_TRANSPILE_ONLY: "false" });
    assert.equal(asked.env.PULUMI_NODEJS_TRANSPILE_ONLY, "false");
  });

  it("follows the runtime options of Pulumi.yaml", () => {
    const options = { typescript: false, nodeargs: "--trace-warnings  --expose-gc", tsconfig: "ts.json" };
    const { args, env } = programCommand({ ...program, options }, {});
    assert.deepEqual(args.slice(0, 3), ["--trace-warnings", "--expose-gc", run]);
    assert.equal(env.PULUMI_NODEJS_TYPESCRIPT, "false");
    assert.equal(env.PULUMI_NODEJS_TSCONFIG_PATH, "ts.json");
    assert.equal(programCommand(program, {}).env.PULUMI_NODEJS_TYPESCRIPT, "true");
  });

  it("says what to do when the SDK is not installed", () => {
    assert.throws(
      () => programCommand({ ...program, programDirectory: "/" }, {}),
      /for \/: run `npm ci` there/,
    );
  });
});

describe("the compiled code that Node keeps", () => {
  it("is kept apart for programs and for each kind of plugin", () => {
    const env = { NODE_COMPILE_CACHE: "/compiled" };
    assert.equal(programCommand(program, env).env.NODE_COMPILE_CACHE, "/compiled/program");
    assert.equal(pluginCommand(plugin, env).env.NODE_COMPILE_CACHE, "/compiled/analyzer");
  });

  it("is not kept where nobody asks for it", () => {
    assert.equal(programCommand(program, {}).env.NODE_COMPILE_CACHE, undefined);
  });
});

describe("pluginCommand", () => {
  it("runs a policy pack in its own folder, where its version is read", () => {
    const { args, cwd, env } = pluginCommand(plugin, { PATH: "/bin" });
    assert.equal(cwd, project);
    assert.deepEqual(args, [require.resolve("@pulumi/pulumi/cmd/run-policy-pack"), "127.0.0.1:2", project]);
    assert.deepEqual([env.PATH, env.A, env.B], ["/bin", "1", "x=y"]);
  });

  it("runs any other plugin where the engine says", () => {
    const { args, cwd } = pluginCommand({ ...plugin, kind: "resource" }, {});
    assert.equal(cwd, "/elsewhere");
    assert.deepEqual(args, [require.resolve("@pulumi/pulumi/cmd/run-plugin"), project, "127.0.0.1:2"]);
  });

  it("ignores what is no variable in an environment", () => {
    assert.deepEqual(parseEnv(["A=", "=C:=x", "nothing"]), { A: "" });
  });
});

describe("engineAddress", () => {
  it("is the first argument that is no flag", () => {
    assert.equal(engineAddress(["127.0.0.1:9"]), "127.0.0.1:9");
    assert.equal(
      engineAddress(["--logtostderr", "-v=9", "--tracing", "file:x", "127.0.0.1:9"]),
      "127.0.0.1:9",
    );
    assert.equal(engineAddress([]), "");
  });
});
