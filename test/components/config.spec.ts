import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { loadConfig, parseConfig } from "../../components/config";
import { CONFIG_KEYS } from "../../components/configSchema";
import { settled } from "./support/program";

const DATA = { train: "s3://data/train/", val: "s3://data/val/" };

interface Declared {
  type: string;
  description: string;
  default?: unknown;
}

const declared: Record<string, Declared> = parse(fs.readFileSync("Pulumi.yaml", "utf8")).config;
const stackFile = (name: string): Record<string, unknown> =>
  parse(fs.readFileSync(`Pulumi.${name}.yaml`, "utf8")).config;

/** Loads the stack's configuration as the engine hands it over: every value is a text. */
function load(config: Record<string, string>, secretKeys: string[] = []) {
  const before = process.env.PULUMI_CONFIG_SECRET_KEYS;
  process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify(secretKeys);
  pulumi.runtime.setAllConfig(config);
  try {
    return loadConfig();
  } finally {
    pulumi.runtime.setAllConfig({});
    if (before === undefined) delete process.env.PULUMI_CONFIG_SECRET_KEYS;
    else process.env.PULUMI_CONFIG_SECRET_KEYS = before;
  }
}

const stack = (changes: Record<string, string> = {}) => ({
  "training:train": DATA.train,
  "training:val": DATA.val,
  ...Object.fromEntries(Object.entries(changes).map(([key, value]) => [`training:${key}`, value])),
});

describe("configuration", () => {
  it("is not read on a Node that cannot run the program, which is said before anything is created", () => {
    const { versions } = process;
    Object.defineProperty(process, "versions", { value: { ...versions, node: "22.4.0" } });
    try {
      assert.throws(() => load(stack({ maxRun: "soon" })), /^Error: Node 22\.4\.0 cannot run this program/);
    } finally {
      Object.defineProperty(process, "versions", { value: versions });
    }
  });

  describe("in Pulumi.yaml", () => {
    it("has just the keys that the program knows", () => {
      assert.deepEqual(Object.keys(declared).sort(), [...CONFIG_KEYS].sort());
    });

    it("has just the defaults that the program has", () => {
      const defaults = Object.entries(declared).map(([key, { default: value }]) => [key, value]);
      const given = Object.fromEntries(defaults.filter(([, value]) => value !== undefined));
      assert.deepEqual(defined(parseConfig({ ...given, ...DATA })), defined(parseConfig(DATA)));
      assert.deepEqual(
        CONFIG_KEYS.filter((key) => !(key in given)),
        Object.keys(DATA),
        "only these must be set",
      );
    });

    it("describes every key in a sentence", () => {
      for (const [key, { description }] of Object.entries(declared)) {
        assert.match(description ?? "", /^[A-Z].{10,}\.$/, key);
      }
    });

    it("declares the type that the program reads", () => {
      const types: Record<string, unknown> = {
        string: "x",
        integer: 1,
        boolean: true,
        object: {},
        array: [],
      };
      for (const [key, { type }] of Object.entries(declared)) {
        const accepted = Object.keys(types).filter((each) => !isTypeFault(key, types[each]));
        // Of a key that is declared a map or a list Pulumi takes no JSON.
        const json = accepted.every((each) => ["object", "array"].includes(each));
        if (json) assert.equal(type, undefined, key);
        else
          assert.ok(accepted.includes(type), `${key} is declared ${type}, read as ${accepted.join(" or ")}`);
      }
    });
  });

  for (const name of ["local", "dev"]) {
    it(`of the stack ${name} is valid${name === "dev" ? " with the user's own data, and names the placeholders without" : ""}`, () => {
      const values = Object.entries(stackFile(name)).filter(([key]) => key.startsWith("training:"));
      const raw = Object.fromEntries(values.map(([key, value]) => [key.slice("training:".length), value]));
      assert.ok(parseConfig({ ...raw, ...DATA }));
      if (name === "local") assert.ok(parseConfig(raw));
      else assert.throws(() => parseConfig(raw), /training:train: .* is a placeholder.*\n.*training:val: /);
    });
  }

  describe("of a stack", () => {
    it("needs no more than the data", () => {
      const config = load(stack());
      assert.equal(config.experiment, "densenet121");
      assert.equal(config.instanceType, "ml.g5.xlarge");
      assert.equal(config.maxRun, "2h");
      assert.equal(config.spot, true);
    });

    it("is read from texts", () => {
      const config = load(
        stack({
          hyperparameters: '{"epochs": 4, "lr": 0.001, "name": "a", "flag": true}',
          environment: '{"SEED": "7"}',
          instanceCount: "2",
          spot: "false",
          subnets: '["subnet-1"]',
          securityGroupIds: '["sg-1"]',
          tags: '{"team": "imaging"}',
        }),
      );
      assert.deepEqual(config.hyperparameters, { epochs: 4, lr: 0.001, name: "a", flag: true });
      assert.deepEqual(config.environment, { SEED: "7" });
      assert.equal(config.instanceCount, 2);
      assert.equal(config.spot, false);
      assert.deepEqual(config.subnets, ["subnet-1"]);
      assert.deepEqual(config.tags, { team: "imaging" });
    });

    it("leaves texts that look like numbers as they are", () => {
      const config = load(
        stack({ pythonVersion: "3.10", frameworkVersion: "99.10.0", runId: "007", maxRun: "3600" }),
      );
      assert.equal(config.pythonVersion, "3.10");
      assert.equal(config.frameworkVersion, "99.10.0");
      assert.equal(config.runId, "007");
      assert.equal(config.maxRun, "3600");
    });

    it("keeps every digit of a hyperparameter, and takes lists and maps", () => {
      const { hyperparameters } = load(
        stack({
          hyperparameters: '{"seed": 9007199254740993, "layers": [64, 32], "options": {"a": {"b": null}}}',
        }),
      );
      assert.deepEqual(hyperparameters, {
        seed: { $numberLong: "9007199254740993" },
        layers: [64, 32],
        options: { a: { b: null } },
      });
    });

    it("takes an empty text for not set", () => {
      const { maxWait, bucketName, keepAlive, runId } = load(
        stack({ maxWait: "", bucketName: "", keepAlive: "", runId: "" }),
      );
      assert.deepEqual([maxWait, bucketName, keepAlive, runId], [undefined, undefined, undefined, undefined]);
    });

    it("takes what `config set --path` makes a number or a boolean for the text it is", () => {
      const { environment, tags } = load(
        stack({ environment: '{"SEED": 7, "BIG": 9007199254740993, "ON": true}', tags: '{"year": 2026}' }),
      );
      assert.deepEqual(environment, { SEED: "7", BIG: "9007199254740993", ON: "true" });
      assert.deepEqual(tags, { year: "2026" });
    });

    it("ignores what belongs to others", () => {
      assert.ok(load({ ...stack(), "aws:region": "us-east-1", "other:train": "x" }));
    });

    it("keeps encrypted hyperparameters and variables secret, and only those", async () => {
      const config = load(stack({ hyperparameters: '{"token": "hunter2"}', environment: '{"A": "b"}' }), [
        "training:hyperparameters",
      ]);
      const { hyperparameters, environment } = config;
      const kept = pulumi.output<unknown>(hyperparameters);
      assert.equal(await pulumi.isSecret(kept), true);
      assert.deepEqual(await settled(kept), { token: "hunter2" });
      assert.deepEqual(environment, { A: "b" });
    });
  });

  describe("is refused", () => {
    const faults = (changes: Record<string, string>): string => {
      try {
        load(stack(changes));
      } catch (error) {
        assert.ok(pulumi.RunError.isInstance(error), "shown without a stack trace");
        return error.message;
      }
      return assert.fail("it should have been refused");
    };

    it("with every fault at once, each by its key", () => {
      const message = faults({
        train: "/data/train",
        maxRun: "soon",
        spot: "maybe",
        instanceCount: "0",
        typo: "1",
      });
      for (const key of ["train", "maxRun", "spot", "instanceCount"]) {
        assert.match(message, new RegExp(`^ {2}training:${key}: `, "m"));
      }
      assert.match(message, /typo/);
      assert.match(message, /README\.md/);
    });

    for (const [key, value] of Object.entries({
      experiment: "-dense",
      train: "data/train",
      val: "s3://",
      sourceDir: "",
      entryPoint: "",
      hyperparameters: '{"nothing": null}',
      environment: '{"A": [1]}',
      distribution: "mpi",
      metrics: "[1]",
      fingerprintData: "yes",
      instanceType: "",
      instanceCount: "1.5",
      maxRun: "2 fortnights",
      maxWait: "-1",
      fallback: "ondemand",
      keepAlive: "x",
      onCancel: "ask",
      deletePolicy: "keep",
      livePrices: "sometimes",
      imageUri: "pytorch:latest",
      permissionsBoundary: "boundary",
      dataKmsKeyArns: '["1234"]',
      kmsKeyArn: "arn:aws:kms:us-east-1:111122223333:alias/training", // no policy on an alias lets the role use its key
      subnets: "subnet-1",
      securityGroupIds: "[1]",
      networkIsolation: "1",
      tags: '"team"',
    })) {
      it(`for ${key} ${value || "(empty)"}`, () => {
        assert.match(faults({ [key]: value }), new RegExp(`^ {2}training:${key}\\b.*: `, "m"));
      });
    }

    it("saying what a value may be, where it may be several things", () => {
      assert.match(faults({ hyperparameters: "{epochs: 2}" }), /hyperparameters: use a map .* JSON/);
      assert.match(faults({ hyperparameters: '{"a": null}' }), /hyperparameters\.a: use a text, a number/);
      assert.match(faults({ maxRun: "soon" }), /maxRun: use .*2h/);
    });

    const spotOff = { spot: "false" };
    const role = { roleArn: "arn:aws:iam::1:role/theirs" };
    const own = { imageRepository: "team/trainer", imageTag: "v1" };
    const uri = { imageUri: "111122223333.dkr.ecr.us-east-1.amazonaws.com/a:b" };
    const list = '["arn:aws:kms:us-east-1:111122223333:key/1"]';
    for (const [key, other, changes] of [
      ["securityGroupIds", "subnets", { securityGroupIds: '["sg-1"]' }],
      ["subnets", "securityGroupIds", { subnets: '["subnet-1"]' }],
      ["imageTag", "imageRepository", { imageTag: "v1" }],
      ["imageRepository", "imageTag", { imageRepository: "team/trainer" }],
      ["imageRepository", "imageUri", { ...own, ...uri }],
      ["frameworkVersion", "imageUri", { ...uri, frameworkVersion: "2.4.0" }],
      ["pythonVersion", "imageUri", { ...uri, pythonVersion: "py311" }],
      ["frameworkVersion", "imageRepository", { ...own, frameworkVersion: "2.4.0" }],
      ["pythonVersion", "imageRepository", { ...own, pythonVersion: "py311" }],
      ["permissionsBoundary", "roleArn", { ...role, permissionsBoundary: "arn:aws:iam::aws:policy/x" }],
      ["dataKmsKeyArns", "roleArn", { ...role, dataKmsKeyArns: list }],
      ["maxWait", "spot", { ...spotOff, maxWait: "9h" }],
      ["fallback", "spot", { ...spotOff, fallback: "on-demand" }],
      ["keepAlive", "spot", { keepAlive: "10m" }],
    ] as [string, string, Record<string, string>][]) {
      it(`for ${key}, which has no effect as training:${other} is`, () => {
        assert.match(faults(changes), new RegExp(`^ {2}training:${key}: .*training:${other}\\b`, "m"));
      });
    }

    it("for a metric to watch that is not among the metrics", () => {
      const metrics = '{"loss": "a", "accuracy": "b"}';
      assert.match(
        faults({ primaryMetric: "f1" }),
        /primaryMetric: f1 is not in training:metrics \(which is empty\)/,
      );
      assert.match(
        faults({ metrics, primaryMetric: "f1" }),
        /primaryMetric: .*\(it has loss, accuracy\): name one/,
      );
      assert.match(faults({ metrics, primaryMetric: "constructor" }), /primaryMetric: /);
      assert.ok(load(stack({ metrics, primaryMetric: "loss" })));
    });

    it("for an image that AWS does not publish", () => {
      assert.match(
        faults({ frameworkVersion: "2.6.0", pythonVersion: "py311" }),
        /frameworkVersion: .* has py312, not py311/,
      );
      assert.match(faults({ frameworkVersion: "2.4.1" }), /no training image of PyTorch 2\.4\.1/);
      for (const instanceType of ["ml.trn1.2xlarge", "ml.trn2.48xlarge", "ml.inf2.xlarge"]) {
        assert.match(
          faults({ instanceType }),
          new RegExp(`instanceType: .* chips of ${instanceType}: .*training:imageUri`),
        );
        assert.ok(load(stack({ instanceType, ...uri })));
      }
    });

    it("with a name that leaves no room for the job's", () => {
      assert.match(faults({ experiment: "a".repeat(49) }), /at most 48/);
      assert.ok(load(stack({ experiment: "a".repeat(48) })));
    });

    it("without the data", () => {
      assert.throws(() => load({}), /training:train: .*\n.*training:val: /s);
    });
  });
});

const defined = (config: object) => JSON.parse(JSON.stringify(config));

/** Whether the program refuses a value for its type, and not for what it says. */
function isTypeFault(key: string, value: unknown): boolean {
  try {
    parseConfig({ ...DATA, [key]: value });
    return false;
  } catch (error) {
    return /expected (string|number|boolean|record|array|int)|Invalid input|use a map/.test(
      (error as Error).message,
    );
  }
}
