import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { parseConfig } from "../../components/config";
import { CONFIG_KEYS } from "../../components/configSchema";
import { settled } from "./support/program";
import { DATA, load, stack } from "./support/stackConfig";

interface Declared {
  type: string;
  description: string;
  default?: unknown;
}

const declared: Record<string, Declared> = parse(fs.readFileSync("Pulumi.yaml", "utf8")).config;
const stackFile = (name: string): Record<string, unknown> =>
  parse(fs.readFileSync(`Pulumi.${name}.yaml`, "utf8")).config;

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

    it("says of any other secret that it does not stay one", () => {
      const said: string[] = [];
      const { warn } = pulumi.log;
      Object.assign(pulumi.log, { warn: (message: string) => said.push(message) });
      try {
        load(stack({ tags: '{"team": "hunter2"}', environment: '{"A": "hunter2"}' }), [
          "training:tags",
          "training:environment",
          "aws:secretKey",
        ]);
      } finally {
        Object.assign(pulumi.log, { warn });
      }
      assert.equal(said.length, 1);
      assert.match(
        said[0],
        /^training:tags is a secret, .* training:hyperparameters and training:environment/,
      );
      assert.doesNotMatch(said[0], /hunter2/);
    });

    for (const [key, value] of Object.entries({
      primaryMetric: "hunter2",
      frameworkVersion: "hunter2",
      instanceType: "ml.trn1.hunter2",
      train: "s3://YOUR-hunter2/x",
      distribution: "hunter2",
      omitted: "hunter2", // no key, and the name of a thing that the state has
    })) {
      it(`repeats no secret in what is wrong with it: ${key}`, () => {
        assert.throws(
          () => load(stack({ [key]: value }), [`training:${key}`]),
          ({ message }: Error) => message.includes(`training:${key}: `) && !message.includes("hunter2"),
        );
      });
    }
  });
});

const defined = (config: object) => JSON.parse(JSON.stringify(config));

/** Whether the program refuses a value for its type, and not for what it says. */
function isTypeFault(key: string, value: unknown): boolean {
  try {
    parseConfig({ ...DATA, [key]: value });
    return false;
  } catch (error) {
    return /: use (a (text|number|whole number|list|map)|true or false)/.test((error as Error).message);
  }
}
