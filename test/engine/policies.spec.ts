import { strict as assert } from "node:assert";
import production from "../../policies/examples/policy-config.prod.json";
import { PolicyEngine, type ProgramResource } from "./support/policyEngine";
import { artifact, careful, careless, job, kinds, refusals } from "./support/policyJobs";

describe("the policy pack in the engine", function () {
  this.timeout(900_000); // seconds on a quiet machine, minutes on a busy one
  let engine: PolicyEngine;

  before(async () => {
    engine = await PolicyEngine.start();
  });

  after(() => engine?.dispose());

  describe("at preview", () => {
    it("lets careful jobs of both types pass, with every rule enforced", async () => {
      const resources = kinds.map((kind, index) => job(kind, `careful${index}`));
      // The other type does not wait for its job, so it can never tell that it completed.
      const config = { ...production, "training-completed": "advisory" };
      const run = await engine.preview({ resources, outputs: artifact }, { config });
      assert.deepEqual(
        run.findings.filter(({ level }) => level === "mandatory"),
        [],
      );
      assert.equal(run.code, 0, run.output);
    });

    it("refuses each careless job by the one rule that it breaks, with the same words for both types", async () => {
      const resources = Object.entries(careless).flatMap(([rule, changes]) =>
        kinds.map((kind, index) => job(kind, `${rule}${index}`, changes)),
      );
      // A provider of another project, whose inputs are the request as the API has it.
      const request = { EnableManagedSpotTraining: true, ResourceConfig: { InstanceType: "ml.p3.2xlarge" } };
      const args = { request: { RoleArn: careful.roleArn, ...request }, becomes: "x" };
      resources.push({ kind: "Other", name: "foreign", args });
      const run = await engine.preview({ resources, outputs: artifact });
      assert.notEqual(run.code, 0, run.output);
      const [foreign, ...others] = refusals(run, "foreign");
      assert.equal(foreign?.policy, "allowed-instance-types", run.output);
      assert.match(foreign?.message ?? "", /\(request\).*Set ResourceConfig\.InstanceType/);
      assert.deepEqual(others, []);
      for (const rule of Object.keys(careless)) {
        const [dynamic, native] = [refusals(run, `${rule}0`), refusals(run, `${rule}1`)];
        assert.deepEqual([dynamic.length, native.length], [1, 1], run.output);
        assert.equal(dynamic[0]?.policy, rule);
        assert.equal(native[0]?.policy, rule);
        // The fix alone differs: it names what a program with that type writes.
        assert.equal(
          native[0]?.message.replaceAll(`${rule}1`, "x").split(". Set ")[0],
          dynamic[0]?.message.replaceAll(`${rule}0`, "x").split(". Set ")[0],
        );
        assert.match(dynamic[0]?.message ?? "", /; .*(limit|allowed|required).*\. Set /);
      }
    });

    it("refuses endpoints above the limits: the type, the number and, where it is enforced, the cost", async () => {
      const serve = (name: string, variant: object): ProgramResource => ({
        kind: "aws.sagemaker.EndpointConfiguration",
        name,
        args: { productionVariants: [{ modelName: "model", variantName: "all", ...variant }] },
      });
      const on = (instanceType: string, initialInstanceCount: number) => ({
        instanceType,
        initialInstanceCount,
      });
      const serverless = (maxConcurrency: number) => ({
        serverlessConfig: { memorySizeInMb: 3072, maxConcurrency },
      });
      const resources = [
        serve("fits", on("ml.m5.large", 1)),
        serve("free", serverless(5)),
        serve("large", on("ml.g5.12xlarge", 1)),
        serve("many", on("ml.m5.large", 3)),
        serve("dear", on("ml.g5.xlarge", 2)),
        serve("crowd", serverless(100)),
      ];
      const refused = async (config?: object) => {
        const run = await engine.preview({ resources, outputs: {} }, { config });
        assert.notEqual(run.code, 0, run.output);
        return Object.fromEntries(
          resources.map(({ name }) => [
            name,
            refusals(run, name)
              .map(({ policy }) => policy)
              .sort(),
          ]),
        );
      };
      const running = "running-machines-limit";
      const byDefault = { fits: [], free: [], large: [running], many: [running], dear: [], crowd: [] };
      assert.deepEqual(await refused(), byDefault);
      const cost = "endpoint-cost-limit";
      assert.deepEqual(await refused({ [cost]: "mandatory", "serverless-endpoint-limit": "mandatory" }), {
        ...byDefault,
        ...{ large: [cost, running], dear: [cost], crowd: ["serverless-endpoint-limit"] },
      });
    });

    it("refuses a stack that trains, with either type, and does not hand out the artifact", async () => {
      for (const kind of kinds) {
        const run = await engine.preview({ resources: [job(kind, "mednist")], outputs: { other: "x" } });
        assert.notEqual(run.code, 0, run.output);
        const [refusal] = run.findings.filter(({ level }) => level === "mandatory");
        assert.equal(refusal?.policy, "model-artifact-output");
        assert.match(refusal?.message ?? "", /no output "modelArtifact" \(its outputs: other\)/);
      }
    });

    it("knows the artifact by its name when it has no value yet", async () => {
      const outputs = { modelArtifact: "<mednist.modelArtifact>" };
      const run = await engine.preview({ resources: [job("TrainingJob", "mednist")], outputs });
      assert.equal(run.code, 0, run.output);
      const [finding] = run.findings.filter(({ policy }) => policy === "model-artifact-output");
      assert.equal(finding?.level, "advisory");
      assert.match(finding?.message ?? "", /modelArtifact is not known yet; the rule looks again/);
    });

    describe("of a stack with several jobs", () => {
      const urn = "urn:pulumi:test::guardrails::pulumi-nodejs:dynamic:Resource::other";
      const dear = {
        resourceConfig: { instanceType: "ml.g5.12xlarge", instanceCount: 4 },
        stoppingCondition: { maxRuntimeInSeconds: 30_000, maxWaitTimeInSeconds: 60_000 },
      };
      const program = {
        outputs: artifact,
        resources: [
          { kind: "Other", name: "other", args: { becomes: "s3://artifacts/mednist" } },
          job("aws.sagemaker.TrainingJob", "waiting", {
            checkpointConfig: undefined,
            outputDataConfig: { s3OutputPath: "<other.id>" },
          }),
          job("TrainingJob", "capped", {
            stoppingCondition: undefined,
            maxRun: "30h",
            spot: { maxWait: "48h" },
          }),
          ...["dear0", "dear1", "dear2"].map((name) => job("TrainingJob", name, dear)),
        ] as ProgramResource[],
      };
      const config = {
        "checkpoint-with-spot": "remediate",
        "max-run-limit": "remediate",
        "stack-cost-limit": "mandatory",
        // Its tag is what lets the stack train elsewhere.
        "allowed-regions": {
          enforcementLevel: "mandatory",
          allowedRegions: ["eu-*"],
          exemptStackTags: ["criticality=release"],
        },
      };

      it("adds up what they may cost, mends what is not known yet, and exempts the stack by its tag", async () => {
        await engine.tagStack("criticality", "release");
        const run = await engine.preview(program, { config });
        assert.notEqual(run.code, 0, run.output);
        const [refusal, ...others] = run.findings.filter(({ level }) => level === "mandatory");
        assert.deepEqual([refusal?.policy, others], ["stack-cost-limit", []]);
        // 709.00 of the dear ones, a day and an hour at 1.408 of the others.
        assert.match(refusal?.message ?? "", /may cost up to 744\.20 USD \(dear\d 236\.33 USD, /);
        assert.deepEqual(run.remediated.map(({ policy, resource }) => `${resource}: ${policy}`).sort(), [
          "capped: max-run-limit",
          "waiting: checkpoint-with-spot",
        ]);
        assert.ok(
          run.findings.some(
            ({ resource, message }) =>
              resource === "waiting" && message.includes("checkpointConfig.s3Uri is not known yet"),
          ),
        );
        assert.match(
          run.output,
          /"capped" may run for 1d \(86400 s\) in place of .* costs at most 33\.79 USD/,
        );
      });

      it("has nothing against a deployment that leaves the jobs out", async () => {
        const run = await engine.preview(program, { config, targets: [urn] });
        assert.equal(run.code, 0, run.output);
        // The other type never tells how it ended.
        assert.deepEqual(
          run.findings.filter(({ policy }) => policy !== "training-completed"),
          [],
        );
      });
    });

    it("takes limits and levels from a configuration file", async () => {
      const config = {
        "max-run-limit": { maxRunSeconds: 3599 },
        "managed-spot-required": "advisory",
        "required-tags": { enforcementLevel: "mandatory", requiredTags: ["team"] },
      };
      const run = await engine.preview(
        { resources: [job("TrainingJob", "mednist", careless["managed-spot-required"])], outputs: artifact },
        { config },
      );
      assert.deepEqual(
        refusals(run, "mednist")
          .map(({ policy }) => policy)
          .sort(),
        ["max-run-limit", "required-tags"],
      );
      assert.ok(
        run.findings.some(({ policy, level }) => policy === "managed-spot-required" && level === "advisory"),
      );
    });

    it("shows the warnings of many jobs for the first ones, and names the others together", async () => {
      const names = Array.from({ length: 30 }, (_, index) => `many${index}`);
      const resources = names.map((name) => job("StandIn", name, { tags: {} }));
      const run = await engine.preview({ resources, outputs: artifact });
      assert.equal(run.code, 0, run.output);
      const warnings = run.findings.filter(({ policy }) => policy === "required-tags");
      assert.equal(warnings.length, 21, run.output);
      const summary = warnings.find(({ message }) => message.includes("10 more resources"));
      assert.equal(summary?.level, "advisory");
      for (const name of names) assert.ok(run.output.includes(name), name);

      const enforced = await engine.preview(
        { resources, outputs: artifact },
        { config: { "required-tags": "mandatory" } },
      );
      assert.equal(
        new Set(
          enforced.findings.flatMap(({ policy, resource }) => (policy === "required-tags" ? [resource] : [])),
        ).size,
        30,
      );
    });

    it("refuses a limit that makes no sense", async () => {
      const run = await engine.preview(
        { resources: [] },
        { config: { "max-run-limit": { maxRunSeconds: 0 } } },
      );
      assert.notEqual(run.code, 0);
      assert.match(run.output, /maxRunSeconds/);
    });

    it("refuses names that the pack does not have, once and before any resource, whether something trains or not", async () => {
      const config = {
        all: { enforcementLevel: "mandatory", maxRunSeconds: 1 },
        "max-run-limit": { maxRunSecond: 10 },
        "max-wait-limt": "mandatory",
        environments: [],
      };
      const run = await engine.preview({ resources: [] }, { config });
      assert.notEqual(run.code, 0, run.output);
      for (const fault of [
        `"all" takes a level only: "maxRunSeconds" belongs to the rule that has it`,
        `there is no rule "max-wait-limt", did you mean max-wait-limit?`,
        `max-run-limit: there is no setting "maxRunSecond", did you mean maxRunSeconds?`,
      ]) {
        assert.equal(run.output.split(fault).length, 2, run.output);
      }
      assert.doesNotMatch(run.output, /\n\s+at /, "no stack trace");
    });
  });
});
