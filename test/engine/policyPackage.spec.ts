import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { PolicyEngine } from "./support/policyEngine";

const run = promisify(execFile);
const policies = path.resolve(__dirname, "../../policies");

describe("the policy pack as a package", function () {
  this.timeout(300_000);
  let dir: string;
  let engine: PolicyEngine;

  before(async () => {
    dir = await mkdtemp(path.join(tmpdir(), "guardrails-package-"));
    engine = await PolicyEngine.start();
  });

  after(async () => {
    await engine?.dispose();
    await rm(dir, { recursive: true, force: true });
  });

  it("is packed, installed into an empty folder, and refuses there what it refuses here", async () => {
    await run("npm", ["pack", "--pack-destination", dir], { cwd: policies });
    const [archive] = await readdir(dir);
    await writeFile(path.join(dir, "package.json"), "{}");
    await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", `./${archive}`], {
      cwd: dir,
    });
    const pack = path.join(dir, "node_modules", "sagemaker-training-guardrails");

    const contents = await readdir(pack);
    for (const name of ["LICENSE", "README.md", "PulumiPolicy.yaml", "npm-shrinkwrap.json", "examples"]) {
      assert.ok(contents.includes(name), `${name} is missing`);
    }
    assert.ok(!contents.includes("index.ts"), "a package holds compiled code only");

    const good = { enableManagedSpotTraining: true, resourceConfig: { instanceType: "ml.g5.xlarge" } };
    const outputs = { modelArtifact: "s3://artifacts/mednist/output/model.tar.gz" };
    const passes = await engine.preview(
      { resources: [{ kind: "StandIn", name: "mednist", args: good }], outputs },
      { pack },
    );
    assert.equal(passes.code, 0, passes.output);
    assert.match(passes.output, /sagemaker-training-guardrails@v/);

    const bad = { ...good, resourceConfig: { instanceType: "ml.p3.2xlarge" } };
    const refuses = await engine.preview(
      { resources: [{ kind: "StandIn", name: "mednist", args: bad }], outputs },
      { pack, config: path.join(pack, "examples", "policy-config.dev.json") },
    );
    assert.notEqual(refuses.code, 0, refuses.output);
    assert.ok(
      refuses.findings.some(
        ({ policy, level }) => policy === "allowed-instance-types" && level === "mandatory",
      ),
      refuses.output,
    );

    const { stdout } = await run(path.join(dir, "node_modules", ".bin", "sagemaker-training-scp"), []);
    assert.equal(JSON.parse(stdout).Version, "2012-10-17");
  });
});
