import assert from "node:assert/strict";
import { mkdirSync, renameSync, symlinkSync } from "node:fs";
import path from "node:path";
import language from "@pulumi/pulumi/proto/language_pb";
import { call, collect, FakeProgram, languageHost, type Seen, startHost } from "../support/languageHost";

describe("what the language host starts", () => {
  let file: string;
  let program: FakeProgram;
  before(async function () {
    file = await languageHost(this);
  });
  beforeEach(() => {
    program = new FakeProgram();
    program.records();
  });
  afterEach(() => program.remove());

  async function withHost<T>(
    work: (host: Awaited<ReturnType<typeof startHost>>) => Promise<T>,
    env: NodeJS.ProcessEnv = {},
    args?: string[],
  ): Promise<T> {
    const host = await startHost(file, env, args);
    return work(host).finally(() => host.stop());
  }

  const programRequest = (info = program.info()) =>
    new language.RunRequest()
      .setInfo(info)
      .setPwd("/work dir")
      .setOrganization("organization")
      .setProject("training")
      .setStack("dev")
      .setMonitorAddress("127.0.0.1:1")
      .setParallel(8);

  async function run(
    request = programRequest(),
    env: NodeJS.ProcessEnv = {},
    hostArgs?: string[],
  ): Promise<Seen> {
    const response = await withHost(
      ({ client }) => call<language.RunResponse>((callback) => client.run(request, callback)),
      env,
      hostArgs,
    );
    assert.deepEqual(response.toObject(), { error: "", bail: false });
    return program.seen;
  }

  async function runPlugin(
    kind: string,
    entries: string[] = [],
    env: NodeJS.ProcessEnv = {},
    info = program.info(),
    hostArgs?: string[],
  ) {
    const request = new language.RunPluginRequest().setKind(kind).setInfo(info).setPwd("/");
    request.setArgsList(["127.0.0.1:2"]).setEnvList(entries);
    const { code } = await withHost(({ client }) => collect(client.runPlugin(request)), env, hostArgs);
    assert.equal(code, 0);
    return program.seen;
  }

  it("for a program is its SDK, told what the engine said", async () => {
    const { runner, nodeArguments, args, cwd } = await run();
    assert.deepEqual([runner, nodeArguments, cwd], [program.runner("run"), [], program.dir]);
    assert.deepEqual(args, [
      ...["--organization", "organization", "--project", "training", "--stack", "dev"],
      ...["--root-directory", program.dir, "--pwd", "/work dir", "--parallel", "8"],
      ...["--monitor", "127.0.0.1:1", "--engine", "127.0.0.1:9"],
      "main.js",
    ]);
  });

  it("is told of a preview, and of arguments; the main module is the default, and the root where the engine is", async () => {
    const info = program.info().setEntryPoint("").setRootDirectory("");
    const { args } = await run(programRequest(info).setDryrun(true).setArgsList(["x"]));
    assert.deepEqual(args.slice(-3), ["--dry-run", ".", "x"]);
    assert.equal(args[args.indexOf("--root-directory") + 1], "/work dir");
  });

  for (const [what, args, engine] of [
    [
      "after flags, and the value of one",
      ["--logtostderr", "-v=9", "--tracing", "file:x", "[::1]:9"],
      "[::1]:9",
    ],
    ["absent", [], undefined],
  ] as const) {
    it(`finds the engine's address ${what}`, async () => {
      const seen = await run(programRequest(), {}, [...args]);
      const flag = seen.args.indexOf("--engine");
      assert.equal(flag < 0 ? undefined : seen.args[flag + 1], engine);
    });
  }

  it("has the configuration as JSON, also when there is none", async () => {
    const request = programRequest().setConfigsecretkeysList(["training:key"]);
    const config = { "aws:region": "eu-west-1", "training:key": '<"ä">' };
    for (const [name, value] of Object.entries(config)) request.getConfigMap().set(name, value);
    const { env } = await run(request);
    assert.deepEqual(JSON.parse(env.PULUMI_CONFIG ?? ""), config);
    assert.deepEqual(JSON.parse(env.PULUMI_CONFIG_SECRET_KEYS ?? ""), ["training:key"]);
    const { env: bare } = await run();
    assert.deepEqual([bare.PULUMI_CONFIG, bare.PULUMI_CONFIG_SECRET_KEYS], ["{}", "[]"]);
  });

  it("does not check types unless the user asks for it", async () => {
    assert.equal((await run()).env.PULUMI_NODEJS_TRANSPILE_ONLY, "true");
    const asked = await run(programRequest(), { PULUMI_NODEJS_TRANSPILE_ONLY: "false" });
    assert.equal(asked.env.PULUMI_NODEJS_TRANSPILE_ONLY, "false");
  });

  it("follows the runtime options of Pulumi.yaml", async () => {
    const options = { typescript: false, nodeargs: "--trace-warnings  --expose-gc", tsconfig: "ts.json" };
    const ofProgram = await run(programRequest(program.info(options)));
    const ofPlugin = await runPlugin("analyzer", [], {}, program.info(options));
    assert.deepEqual(ofProgram.nodeArguments, ["--trace-warnings", "--expose-gc"]);
    // Pulumi's own host writes those of a plugin after the script: they do not reach Node.
    assert.deepEqual(ofPlugin.nodeArguments, []);
    assert.deepEqual(ofPlugin.args.slice(0, 2), ["--trace-warnings", "--expose-gc"]);
    for (const { env } of [ofProgram, ofPlugin]) {
      assert.equal(env.PULUMI_NODEJS_TYPESCRIPT, "false");
      assert.equal(env.PULUMI_NODEJS_TSCONFIG_PATH, "ts.json");
    }
    const { env } = await run();
    assert.deepEqual([env.PULUMI_NODEJS_TYPESCRIPT, env.PULUMI_NODEJS_TSCONFIG_PATH], ["true", undefined]);
  });

  it("keeps compiled code apart for programs and for each kind of plugin, where it is kept at all", async () => {
    const env = { NODE_COMPILE_CACHE: path.join(program.dir, "compiled") };
    const caches = [await run(programRequest(), env), await runPlugin("analyzer", [], env)];
    assert.deepEqual(
      caches.map((seen) => path.relative(env.NODE_COMPILE_CACHE, seen.env.NODE_COMPILE_CACHE ?? "")),
      ["program", "analyzer"],
    );
    assert.equal((await run()).env.NODE_COMPILE_CACHE, undefined);
  });

  it("for a policy pack runs in its own folder, where its version is read", async () => {
    const { runner, args, cwd, env } = await runPlugin("analyzer", ["A=", "B=x=y", "HOST=mine"], {
      HOST: "no",
      C: "3",
    });
    assert.deepEqual([runner, cwd], [program.runner("run-policy-pack"), program.dir]);
    assert.deepEqual(args, ["127.0.0.1:2", program.dir]);
    assert.deepEqual([env.A, env.B, env.C, env.HOST], ["", "x=y", "3", "mine"]);
  });

  it("for a policy pack alone has the arguments for Node that the host was started with", async () => {
    const own = ["--require=node:fs", "--trace-warnings"];
    const hostArgs = [...own.map((each) => `--pack-node-arg=${each}`), "127.0.0.1:9"];
    const ofPack = await runPlugin("analyzer", [], {}, program.info(), hostArgs);
    assert.deepEqual([ofPack.nodeArguments, ofPack.args], [own, ["127.0.0.1:2", program.dir]]);
    assert.deepEqual((await runPlugin("resource", [], {}, program.info(), hostArgs)).nodeArguments, []);
    const ofProgram = await run(programRequest(), {}, hostArgs);
    assert.deepEqual(ofProgram.nodeArguments, []);
    assert.equal(ofProgram.args[ofProgram.args.indexOf("--engine") + 1], "127.0.0.1:9");
  });

  it("for any other plugin runs where the engine says", async () => {
    const { runner, args, cwd } = await runPlugin("resource");
    assert.deepEqual([runner, cwd], [program.runner("run-plugin"), "/"]);
    assert.deepEqual(args, [program.dir, "127.0.0.1:2"]);
  });

  it("is the SDK in a folder above, behind a link, of a program without one of its own", async () => {
    const store = path.join(program.dir, "store");
    mkdirSync(path.join(program.dir, "below", "node_modules", "@pulumi", "pulumi"), { recursive: true });
    renameSync(path.join(program.dir, "node_modules"), store);
    symlinkSync(store, path.join(program.dir, "node_modules"));
    const below = path.join(program.dir, "below");
    const { runner, cwd } = await run(programRequest(program.info({}, below)));
    assert.deepEqual([runner, cwd], [path.join(store, "@pulumi", "pulumi", "cmd", "run", "index.js"), below]);
  });

  it("is the SDK on NODE_PATH where there is none above", async () => {
    const folder = path.join(program.dir, "elsewhere");
    renameSync(path.join(program.dir, "node_modules"), folder);
    const { runner } = await run(programRequest(), { NODE_PATH: folder });
    assert.equal(runner, path.join(folder, "@pulumi", "pulumi", "cmd", "run", "index.js"));
  });
});
