import { strict as assert } from "node:assert";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { rules } from "../../policies/rules";
import { PolicyEngine } from "./support/policyEngine";
import { type PublishedPack, type PulumiCloud, startPulumiCloud } from "./support/pulumiCloud";
import { ensureYamlHost } from "./support/yaml/host";

const run = promisify(execFile);
const projectDir = path.resolve(__dirname, "../..");
const policies = path.join(projectDir, "policies");
const quietly = ["--prefer-offline", "--no-audit", "--no-fund"];

/** One npm of each line that an organization may publish with. */
const npmVersions = ["9.9.4", "10.9.4", "11.6.2"];

const good = { enableManagedSpotTraining: true, resourceConfig: { instanceType: "ml.g5.xlarge" } };
const bad = { ...good, resourceConfig: { instanceType: "ml.p3.2xlarge" } };
const outputs = { modelArtifact: "s3://artifacts/mednist/output/model.tar.gz" };
const program = (args: object) => ({
  resources: [{ kind: "StandIn" as const, name: "mednist", args }],
  outputs,
});

describe("the policy pack in an organization", function () {
  this.timeout(600_000);
  let dir: string;
  let engine: PolicyEngine;
  let cloud: PulumiCloud;
  /** The published pack, installed in a project that has nothing else. */
  let pack: string;

  before(async () => {
    dir = await mkdtemp(path.join(tmpdir(), "guardrails-package-"));
    engine = await PolicyEngine.start();
    cloud = await startPulumiCloud();
    for (const npm of npmVersions) await publish(npm);
    await writeFile(path.join(dir, "package.json"), "{}");
    await writeFile(path.join(dir, "pack.tgz"), cloud.published.at(-1)?.archive ?? "");
    await run("npm", ["install", ...quietly, "./pack.tgz"], { cwd: dir });
    pack = path.join(dir, "node_modules", "sagemaker-training-guardrails");
  });

  after(async () => {
    await cloud?.close();
    await engine?.dispose();
    await rm(dir, { recursive: true, force: true });
  });

  /** `pulumi policy publish acme` in the pack's folder, with one version of npm on PATH. */
  async function publish(npm: string): Promise<void> {
    const prefix = path.join(dir, `npm-${npm}`);
    await mkdir(prefix);
    await writeFile(path.join(prefix, "package.json"), "{}");
    await run("npm", ["install", ...quietly, `npm@${npm}`], { cwd: prefix });
    const env = {
      ...engine.env,
      PATH: [path.join(prefix, "node_modules", ".bin"), engine.env.PATH].join(path.delimiter),
      PULUMI_BACKEND_URL: cloud.url,
      PULUMI_ACCESS_TOKEN: "test",
      PULUMI_CREDENTIALS_PATH: dir,
    };
    assert.equal((await run("npm", ["--version"], { cwd: policies, env })).stdout.trim(), npm);
    await run("pulumi", ["policy", "publish", "acme", "--non-interactive"], { cwd: policies, env });
  }

  it("is published by the Pulumi CLI with npm 9, 10 and 11, and leaves nothing behind", async () => {
    assert.deepEqual(
      cloud.published.map(({ organization, description }) => [organization, description.name]),
      npmVersions.map(() => ["acme", "sagemaker-training-guardrails"]),
    );
    const left = (await readdir(policies)).filter((name) => name === "dist" || name.endsWith(".tgz"));
    assert.deepEqual(left, []);
  });

  it("tells Pulumi Cloud of every rule what it is called, how to keep it and where to read on", () => {
    const { description } = cloud.published.at(-1) as PublishedPack;
    assert.equal(description.displayName, "SageMaker training guardrails");
    assert.match(description.readme, /^# sagemaker-training-guardrails/);
    assert.equal(description.provider, "AWS");
    assert.deepEqual(
      description.policies.map(({ name }) => name),
      rules.map(({ name }) => name).sort(),
    );
    for (const { name, displayName, tags, remediationSteps, url } of description.policies) {
      assert.ok(displayName && remediationSteps && url && (tags as string[]).length > 0, String(name));
    }
  });

  it("holds what its readers need, the list of rules included, and compiled code only", async () => {
    const contents = await readdir(pack);
    for (const name of ["LICENSE", "README.md", "PulumiPolicy.yaml", "npm-shrinkwrap.json", "examples"]) {
      assert.ok(contents.includes(name), `${name} is missing`);
    }
    assert.ok(!contents.includes("index.ts"));
    const readme = await readFile(path.join(pack, "README.md"), "utf8");
    for (const { name } of rules) assert.ok(readme.includes(`\`${name}\``), name);
    const { stdout } = await run(path.join(dir, "node_modules", ".bin", "sagemaker-training-scp"), []);
    assert.equal(JSON.parse(stdout).Version, "2012-10-17");
  });

  it("refuses there what it refuses here", async () => {
    const passes = await engine.preview(program(good), { pack });
    assert.equal(passes.code, 0, passes.output);
    assert.match(passes.output, /sagemaker-training-guardrails@v/);

    const config = path.join(pack, "examples", "policy-config.dev.json");
    const refuses = await engine.preview(program(bad), { pack, config });
    assert.notEqual(refuses.code, 0, refuses.output);
    assert.ok(
      refuses.findings.some(
        ({ policy, level }) => policy === "allowed-instance-types" && level === "mandatory",
      ),
      refuses.output,
    );
  });

  it("leaves compiled code for its next start, although Pulumi ends it by a signal", async () => {
    const cache = path.join(dir, "compiled");
    const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
    const child = spawn(process.execPath, [runner, "127.0.0.1:0", pack], {
      cwd: pack,
      env: { ...engine.env, NODE_COMPILE_CACHE: cache },
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data"); // its port: it is ready
    child.kill("SIGKILL");
    await once(child, "exit");
    assert.ok((await readdir(cache, { recursive: true })).length > 100);
  });

  it("gives its rules, with their types, to a pack of one's own, and starts nothing by that", async () => {
    const own = path.join(dir, "own");
    await mkdir(own);
    await writeFile(path.join(own, "package.json"), `{ "version": "1.0.0" }`);
    await writeFile(path.join(own, "PulumiPolicy.yaml"), "runtime: nodejs\n");
    await writeFile(
      path.join(own, "index.ts"),
      `import { PolicyPack } from "@pulumi/policy";
       import { select } from "sagemaker-training-guardrails";
       new PolicyPack("acme", { policies: select("allowed-instance-types") });`,
    );
    const bin = path.join(projectDir, "node_modules", ".bin");
    const strict = ["--noEmit", "--strict", "--module", "nodenext", "--skipLibCheck", "--types", "node"];
    const roots = ["--typeRoots", path.join(projectDir, "node_modules", "@types")];
    await run(path.join(bin, "tsc"), [...strict, ...roots, "index.ts"], { cwd: own });

    const refuses = await engine.preview(program(bad), { pack: own });
    assert.deepEqual(
      refuses.findings.map(({ policy }) => policy),
      ["allowed-instance-types"],
      refuses.output,
    );
    const misspelt = { "allowed-instance-types": { allowedTypes: ["*"] } };
    const unknown = await engine.preview(program(bad), { pack: own, config: misspelt });
    assert.match(unknown.output, /there is no setting "allowedTypes"/);

    const script = `const { select } = require("sagemaker-training-guardrails"); select("max-run-limt")`;
    await assert.rejects(
      run(process.execPath, ["-e", script], { cwd: dir }),
      /there is no rule "max-run-limt", did you mean max-run-limit\?/,
    );
  });

  it("judges a stack as it is, without a deployment", async () => {
    const up = await engine.up(program({ ...good, becomes: { status: "Completed", ...outputs } }));
    assert.equal(up.code, 0, up.output);
    const kept = await engine.analyze({ pack });
    assert.equal(kept.code, 0, kept.output);
    const stricter = { "allowed-instance-types": { allowedInstanceTypes: ["ml.m5.*"] } };
    const broken = await engine.analyze({ pack, config: stricter });
    assert.notEqual(broken.code, 0, broken.output);
    assert.match(broken.output, /\[mandatory\].*allowed-instance-types/);
    assert.match(broken.output, /runs on ml\.g5\.xlarge/);
  });

  it("judges programs in other languages in the same words: Pulumi YAML", async () => {
    const job = {
      type: "aws:sagemaker/trainingJob:TrainingJob",
      properties: { ...bad, trainingJobName: "mednist", roleArn: "arn:aws:iam::000000000000:role/training" },
    };
    const plugins = { providers: [{ name: "aws", path: path.join(__dirname, "support", "yaml", "aws") }] };
    const yaml = await PolicyEngine.start({
      // JSON is YAML.
      files: {
        "Pulumi.yaml": JSON.stringify({
          name: "guardrails",
          runtime: "yaml",
          plugins,
          resources: { mednist: job },
          outputs,
        }),
      },
      binDirs: [await ensureYamlHost(engine.env)],
    });
    try {
      const refuses = await yaml.preview(undefined, { pack });
      assert.notEqual(refuses.code, 0, refuses.output);
      const mandatory = refuses.findings.filter(({ level }) => level === "mandatory");
      assert.deepEqual(
        mandatory.map(({ policy, resource }) => [policy, resource]),
        [["allowed-instance-types", "mednist"]],
        refuses.output,
      );
      assert.match(mandatory[0]?.message ?? "", /training job "mednist" runs on ml\.p3\.2xlarge/);
    } finally {
      await yaml.dispose();
    }
  });
});
