import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { deploySchema, loadDeployConfig, parseDeployConfig } from "../../components/deployConfig";
import { loadWith } from "./support/stackConfig";

const FILE = path.join(__dirname, "../../deploy/Pulumi.yaml");
const refused = (raw: Record<string, unknown>): string => {
  try {
    parseDeployConfig(raw);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it was accepted");
};

describe("the configuration of a deploy stack", () => {
  it("is described in Pulumi.yaml, with the same defaults", () => {
    const config: Record<string, { description: string; default: unknown }> = parse(
      fs.readFileSync(FILE, "utf8"),
    ).config;
    assert.deepEqual(Object.keys(config), Object.keys(deploySchema.shape));
    const defaults = Object.fromEntries(Object.entries(config).map(([key, each]) => [key, each.default]));
    const set = (config: object) => Object.entries(config).filter(([, value]) => value !== undefined);
    assert.deepEqual(set(parseDeployConfig(defaults)), set(parseDeployConfig({})));
    for (const { description } of Object.values(config)) assert.ok(description.length > 10);
  });

  it("is serverless unless an instance type is named", () => {
    const { instanceType, memorySize, maxConcurrency } = parseDeployConfig({});
    assert.deepEqual(
      { instanceType, memorySize, maxConcurrency },
      { instanceType: undefined, memorySize: 3072, maxConcurrency: 5 },
    );
    const canary = { instanceType: "ml.m5.large", instanceCount: 2, rollout: "canary", rolloutStep: 50 };
    assert.equal(parseDeployConfig(canary).rollout, "canary");
  });

  /** What is said of a configuration that is taken. */
  const warned = (config: Record<string, string>, secret: string[] = []) => {
    const said: string[] = [];
    const { warn } = pulumi.log;
    Object.assign(pulumi.log, { warn: async (text: string) => void said.push(text) });
    try {
      const all = Object.entries(config).map(([key, value]) => [`training-deploy:${key}`, value]);
      loadWith(loadDeployConfig, Object.fromEntries(all), secret);
    } finally {
      Object.assign(pulumi.log, { warn });
    }
    return said;
  };

  it("says of a secret that it does not stay one", () => {
    const config = { smokeLabel: "cat" };
    assert.deepEqual(warned(config, ["training:hyperparameters", "aws:secretKey"]), []);
    const [said] = warned(config, ["training-deploy:smokeLabel"]);
    assert.match(said, /^training-deploy:smokeLabel: .*put no secret there/);
  });

  it("says of steps that they are over before the alarm has counted a minute", () => {
    const steps = (rolloutWait: string, more = {}) =>
      warned({ instanceType: "ml.m5.large", instanceCount: "2", rollout: "canary", rolloutWait, ...more });
    assert.match(steps("30s")[0], /^training-deploy:rolloutWait: /);
    assert.deepEqual(steps("1m"), []);
    assert.deepEqual(steps("0", { rollbackErrorRate: "100" }), [], "no alarm");
    assert.deepEqual(steps("0", { rollout: "allAtOnce" }), [], "no steps");
  });

  it("takes any machine with an image of one's own", () => {
    const imageUri = "123456789012.dkr.ecr.us-east-1.amazonaws.com/arm:1";
    for (const instanceType of ["ml.c7g.large", "ml.inf2.xlarge"])
      assert.equal(parseDeployConfig({ instanceType, imageUri }).instanceType, instanceType);
    for (const instanceType of [
      "ml.g5.xlarge",
      "ml.g6e.xlarge",
      "ml.p4de.24xlarge",
      "ml.m5.large",
      "ml.c6in.large",
    ])
      assert.equal(parseDeployConfig({ instanceType }).instanceType, instanceType);
  });

  for (const [what, raw, message] of [
    [
      "a canary of a serverless endpoint",
      { rollout: "canary" },
      /training-deploy:rollout: SageMaker has it for instances only/,
    ],
    [
      "what only instances can do",
      { dataCapture: 5, instanceCount: 2 },
      /instanceCount: SageMaker has it .*\n.*dataCapture: SageMaker has it/,
    ],
    [
      "memory beside an instance type",
      { instanceType: "ml.m5.large", memorySize: 4096 },
      /memorySize: has no effect beside training-deploy:instanceType/,
    ],
    [
      "a canary of one instance",
      { instanceType: "ml.m5.large", rollout: "canary" },
      /rollout: canary moves part of the instances, of which there must be 2/,
    ],
    [
      "a step that is too small",
      { instanceType: "ml.m5.large", instanceCount: 2, rollout: "linear", rolloutStep: 5 },
      /rolloutStep: a linear step is 10 to 50 percent/,
    ],
    [
      "a step without steps",
      { instanceType: "ml.m5.large", rolloutStep: 20 },
      /rolloutStep: has no effect with rollout allAtOnce/,
    ],
    [
      "a wait of over an hour",
      { instanceType: "ml.m5.large", rolloutWait: "2h" },
      /rolloutWait: SageMaker waits an hour/,
    ],
    ["memory that Lambda does not have", { memorySize: 3000 }, /memorySize: use 1024, 2048/],
    [
      "another kind of instance type",
      { instanceType: "m5.large" },
      /instanceType: use an instance type for hosting/,
    ],
    [
      "processors that AWS's image is not built for, of which it would show after half an hour",
      { instanceType: "ml.c7g.large" },
      /instanceType: the processors of ml\.c7g\.large are Arm, and AWS's image is for x86: .*imageUri/,
    ],
    [
      "chips that AWS's image does not use",
      { instanceType: "ml.inf2.xlarge" },
      /instanceType: AWS's PyTorch image does not use the chips of ml\.inf2\.xlarge: .*imageUri/,
    ],
    [
      "more waiting than SageMaker has for an update",
      {
        instanceType: "ml.m5.large",
        instanceCount: 10,
        rollout: "linear",
        rolloutStep: 10,
        rolloutWait: "1h",
      },
      /rolloutWait: 10 steps of 60 minutes take longer than the 8 hours/,
    ],
    [
      "a stack without its project",
      { trainingStack: "dev" },
      /trainingStack: use ORGANIZATION\/PROJECT\/STACK/,
    ],
    [
      "two that exclude each other",
      { imageUri: "123456789012.dkr.ecr.us-east-1.amazonaws.com/a:1", frameworkVersion: "2.4.0" },
      /frameworkVersion: has no effect beside imageUri/,
    ],
    [
      "a misspelt key",
      { memorysize: 1024 },
      /training-deploy:memorysize: is not a key of this program; did you mean memorySize\?/,
    ],
  ] as const) {
    it(`refuses ${what}`, () => assert.match(refused(raw), message));
  }
});
