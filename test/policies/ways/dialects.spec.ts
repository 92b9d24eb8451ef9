import assert from "node:assert/strict";
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { rules } from "../../../policies/rules";
import { examine, type Verdict } from "../support/examine";
import { type Changes, jobKinds } from "../support/jobs";
import { ways } from "../support/ways";

const resourceRules = rules.filter((rule) => "validateResource" in rule) as ResourceValidationPolicy[];

/** What breaks each rule on training, by one change of the careful job; with the configuration that it takes, and what the fix names. */
const careless: Record<string, { changes: Changes; config?: Record<string, unknown>; names: string[] }> = {
  "managed-spot-required": {
    changes: { enableManagedSpotTraining: false },
    names: ["enableManagedSpotTraining", "stoppingCondition.maxWaitTimeInSeconds"],
  },
  "max-run-limit": {
    changes: {
      "stoppingCondition.maxRuntimeInSeconds": 86_401,
      "stoppingCondition.maxWaitTimeInSeconds": 90_000,
    },
    names: ["stoppingCondition.maxRuntimeInSeconds"],
  },
  "max-wait-limit": {
    changes: { "stoppingCondition.maxWaitTimeInSeconds": 900_000 },
    names: ["stoppingCondition.maxWaitTimeInSeconds"],
  },
  "allowed-instance-types": {
    changes: { "resourceConfig.instanceType": "ml.p4d.24xlarge" },
    names: ["resourceConfig.instanceType"],
  },
  "instance-count-limit": {
    changes: { "resourceConfig.instanceCount": 9, enableInterContainerTrafficEncryption: true },
    names: [],
  },
  "worst-case-cost-limit": {
    changes: {},
    config: { maxCostUsd: 0.1 },
    names: ["stoppingCondition.maxRuntimeInSeconds"],
  },
  "warm-pool-limit": {
    changes: { "resourceConfig.keepAlivePeriodInSeconds": 3600 },
    names: ["resourceConfig.keepAlivePeriodInSeconds"],
  },
  "checkpoint-with-spot": { changes: { checkpointConfig: undefined }, names: ["checkpointConfig.s3Uri"] },
  "network-isolation-or-vpc": {
    changes: { enableNetworkIsolation: false },
    names: ["enableNetworkIsolation"],
  },
  "inter-container-encryption": {
    changes: { "resourceConfig.instanceCount": 2 },
    names: ["enableInterContainerTrafficEncryption"],
  },
  "kms-keys-required": {
    changes: { "outputDataConfig.kmsKeyId": undefined },
    names: ["outputDataConfig.kmsKeyId"],
  },
  "no-plaintext-credentials": { changes: { "hyperparameters.DB_PASSWORD": "hunter2hunter2" }, names: [] },
  "no-remote-debug": {
    changes: { "remoteDebugConfig.enableRemoteDebug": true },
    names: ["remoteDebugConfig.enableRemoteDebug"],
  },
  "required-tags": { changes: { "tags.owner": undefined }, names: [] },
  "trusted-image": {
    changes: { "algorithmSpecification.trainingImage": "docker.io/evil/image:1" },
    names: ["algorithmSpecification.trainingImage"],
  },
};

/** Rules that have nothing to say of a training alone, and the one on its region, which is that of the resource. */
const others = [
  "running-machines-limit",
  "endpoint-cost-limit",
  "serverless-endpoint-limit",
  "no-other-way-to-train",
  "allowed-regions",
];

/** The settings that a job in an unknown region passes with. */
const passing: Record<string, Record<string, unknown>> = {
  "worst-case-cost-limit": { pricesUsdPerHour: { "ml.g5.xlarge": 1.408 } },
};

const ruleNamed = (name: string) =>
  resourceRules.find((rule) => rule.name === name) as ResourceValidationPolicy;
const native = jobKinds[1] as (typeof jobKinds)[0];

describe("training that is asked for in another way", () => {
  it("is tried with every rule on training", () => {
    const tried = [...Object.keys(careless), ...others].sort();
    assert.deepEqual(resourceRules.map(({ name }) => name).sort(), tried);
  });

  for (const { name, job, written } of ways) {
    describe(name, () => {
      it("is judged by every rule on training, and passes where it is careful", () => {
        for (const rule of resourceRules) {
          const verdict = examine(rule, job(), passing[rule.name] ?? {});
          assert.deepEqual(verdict.violations, [], rule.name);
          if (rule.name in careless) assert.equal(verdict.notApplicable, undefined, rule.name);
        }
      });

      it("runs in the region of the resource or its provider", () => {
        const here = { allowedRegions: ["eu-west-1"] };
        const inRegion = (region: string) =>
          ({ ...job(), provider: { props: { region } } }) as unknown as ReturnType<typeof job>;
        assert.deepEqual(examine(ruleNamed("allowed-regions"), inRegion("eu-west-1"), here).violations, []);
        assert.match(
          examine(ruleNamed("allowed-regions"), inRegion("us-west-2"), here).violations.join("\n"),
          /"mednist".* runs in us-west-2; the allowed regions are eu-west-1/,
        );
      });

      for (const [rule, { changes, config = {}, names }] of Object.entries(careless)) {
        it(`is refused by ${rule}, as aws.sagemaker.TrainingJob is, with the names that it is written with`, () => {
          const settings = { ...passing[rule], ...config };
          const verdict = examine(ruleNamed(rule), job(changes), settings);
          const [violation = ""] = verdict.violations;
          assert.equal(verdict.violations.length, 1, JSON.stringify(verdict));
          for (const path of names)
            assert.ok(violation.includes(written(path)), `${written(path)}: ${violation}`);
          assert.equal(sentence(verdict), sentence(examine(ruleNamed(rule), native.job(changes), settings)));
        });
      }
    });
  }
});

/** The words of a violation without its label, whichever way the names in it are spelt. */
function sentence({ violations: [violation = ""] }: Verdict): string {
  return violation
    .replace(/^.*?"mednist"( \([^)]*\))? /, "")
    .toLowerCase()
    .replaceAll("_", "");
}
