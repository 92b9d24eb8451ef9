import { strict as assert } from "node:assert";
import { PolicyEngine, type ProgramResource } from "./support/policyEngine";
import { artifact, job, refusals } from "./support/policyJobs";

const dynamicType = "pulumi-nodejs:dynamic/sagemaker:TrainingJob";

describe("the policy pack in the engine at the update", function () {
  this.timeout(900_000); // seconds on a quiet machine, minutes on a busy one
  let engine: PolicyEngine;

  before(async () => {
    engine = await PolicyEngine.start();
  });

  after(() => engine?.dispose());

  /** A job whose instance type is the id of another resource. */
  const waiting = (type: string): ProgramResource[] => [
    { kind: "Other", name: "other", args: { becomes: type } },
    job("StandIn", "waiting", {
      resourceConfig: { instanceType: "<other.id>", instanceCount: 1 },
      becomes: { status: "Completed", ...artifact },
    }),
  ];

  it("looks at what preview could not know, before the job is created", async () => {
    const program = { resources: waiting("ml.p3.2xlarge"), outputs: artifact };
    const preview = await engine.preview(program);
    assert.equal(preview.code, 0, preview.output);
    const [finding] = preview.findings.filter(({ policy }) => policy === "allowed-instance-types");
    assert.equal(finding?.level, "advisory");
    assert.match(
      finding?.message ?? "",
      /resourceConfig\.instanceType is not known yet; the rule looks again during the update/,
    );

    const up = await engine.up(program);
    assert.notEqual(up.code, 0, up.output);
    const [refusal] = refusals(up, "waiting");
    assert.equal(refusal?.policy, "allowed-instance-types");
    assert.match(refusal?.message ?? "", /runs on ml\.p3\.2xlarge/);
    assert.deepEqual(await engine.resourceNames(dynamicType), []);
  });

  it("looks at the value of the artifact when the job has run", async () => {
    const becomes = { status: "Completed", cost: { actual: 1 }, ...artifact };
    const resources = [job("StandIn", "done", { becomes })];
    // Less than the 1.41 USD that it may cost: it is over, and did cost 1 USD.
    const config = { "stack-cost-limit": { enforcementLevel: "mandatory", maxStackCostUsd: 1.2 } };
    const outputs = { modelArtifact: "<done.modelArtifact>" };
    const good = await engine.up({ resources, outputs }, { config });
    assert.equal(good.code, 0, good.output);
    assert.ok(!good.findings.some(({ policy }) => policy === "model-artifact-output"));

    const bad = await engine.up({ resources, outputs: { modelArtifact: "<done.status>" } }, { config });
    assert.notEqual(bad.code, 0, bad.output);
    assert.match(bad.output, /the stack output "modelArtifact" is a text that is no S3 URI/);
    assert.ok(!bad.findings.some(({ policy }) => policy === "stack-cost-limit"));
  });

  it("mends what can be mended, where it is told to", async () => {
    const mendable = job("StandIn", "mended", {
      stoppingCondition: { maxRuntimeInSeconds: 90_000, maxWaitTimeInSeconds: 180_000 },
      checkpointConfig: undefined,
      tags: { owner: "imaging" },
      becomes: artifact,
    });
    const run = await engine.up(
      {
        resources: [mendable],
        outputs: {
          modelArtifact: "<mended.modelArtifact>",
          maxRun: "<mended.stoppingCondition>",
          checkpoints: "<mended.checkpointConfig>",
          tags: "<mended.tags>",
        },
      },
      {
        config: {
          "max-run-limit": "remediate",
          "checkpoint-with-spot": "remediate",
          "required-tags": { enforcementLevel: "remediate", addTags: { "cost-center": "4711" } },
        },
      },
    );
    assert.equal(run.code, 0, run.output);
    assert.deepEqual(run.remediated.map(({ policy }) => policy).sort(), [
      "checkpoint-with-spot",
      "max-run-limit",
      "required-tags",
    ]);
    const { maxRun, checkpoints, tags } = await engine.outputs();
    assert.deepEqual(maxRun, { maxRuntimeInSeconds: 86_400, maxWaitTimeInSeconds: 180_000 });
    assert.deepEqual(checkpoints, { s3Uri: "s3://artifacts/mednist/checkpoints/{job}" });
    assert.deepEqual(tags, { owner: "imaging", "cost-center": "4711" });
  });
});
