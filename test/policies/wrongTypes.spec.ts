import { strict as assert } from "node:assert";
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { rules } from "../../policies/rules";
import { dynamicType, nativeType, type Resource } from "../../policies/training/adapter";
import { examine, examineStack, type Verdict } from "./support/examine";
import { type Changes, change, kindOf, kinds, unknown } from "./support/jobs";

/** Limits that the careful job below just keeps, so that anything lost of it breaks them. */
const strict: Record<string, Record<string, unknown>> = {
  "max-run-limit": { maxRunSeconds: 3600 },
  "max-wait-limit": { maxWaitSeconds: 7200 },
  "allowed-instance-types": { allowedInstanceTypes: ["ml.g5.xlarge"] },
  "allowed-regions": { allowedRegions: ["us-east-1"] },
  "instance-count-limit": { maxInstanceCount: 3 },
  "worst-case-cost-limit": { maxCostUsd: 7, pricesUsdPerHour: { "ml.m5.xlarge": 0.25 } },
  "stack-instance-limit": { maxStackInstances: 3 },
  "stack-cost-limit": { maxStackCostUsd: 7, pricesUsdPerHour: { "ml.m5.xlarge": 0.25 } },
  "network-isolation-or-vpc": { accepted: ["vpc"] },
  "trusted-image": { requireDigest: true },
};
/** Judged by what a job leaves in the stack, not by what it asks for; and what looks at other ways to ask. */
const others = ["least-privilege-role", "private-buckets", "model-artifact-output", "training-completed"];
const ofEndpoints = ["running-machines-limit", "endpoint-cost-limit", "serverless-endpoint-limit"];
const ofOtherWays = [...ofEndpoints, "no-other-way-to-train"];

const careful: Changes = {
  "resourceConfig.instanceCount": 2,
  vpcConfig: { subnets: ["subnet-1"], securityGroupIds: ["sg-1"] },
  enableInterContainerTrafficEncryption: true,
  debugRuleConfigurations: [
    {
      ruleEvaluatorImage: `503895931360.dkr.ecr.us-east-1.amazonaws.com/rules@sha256:${"0123456789abcdef".repeat(4)}`,
      instanceType: "ml.m5.xlarge",
      ruleParameters: { level: "1" },
    },
  ],
};

/** Values of every shape that a path may be given and that it does not take. */
const wrongFor: Record<string, unknown[]> = {
  text: [{ odd: true }, ["odd"]],
  number: ["wrong", "2d", true, { odd: true }, ["odd"], -1, Number.NaN],
  flag: ["wrong", 7, { odd: true }, ["odd"]],
  map: ["wrong", 7, true, ["odd"]],
  list: ["wrong", 7, true, { odd: true }],
};

/** The shape of what is not set, by its name in the API. */
const shapes: [RegExp, string][] = [
  [/(Seconds|InGB|InGb|Count|Jobs)$/, "number"],
  [/(^|\.)enable\w+$/, "flag"],
  [/(Configurations|Groups|Preferences|Configs|Arguments|Entrypoints?|Definitions|subnets|Ids)$/, "list"],
  [
    /(Config|Condition|Specification|Limits|Ranges|environment|tags|Parameters|config|spot|Definition|prices|perType)$/,
    "map",
  ],
];

function shapeOf(path: string, value: unknown): string {
  if (value === undefined) return shapes.find(([name]) => name.test(path))?.[1] ?? "text";
  if (Array.isArray(value)) return "list";
  const type = { number: "number", boolean: "flag", object: "map" }[typeof value as string];
  return type ?? "text";
}

/** What is free: words of the user's own may be anything, and are looked into. */
const free = /(^|\.)(environment|tags|\w*[hH]yper[pP]arameters|ruleParameters)\.[^.]+$|^name$|Name$/;

function judge(rule: (typeof rules)[number], resource: Resource): Verdict {
  const config = strict[rule.name] ?? {};
  return "validateStack" in rule
    ? examineStack(rule as StackValidationPolicy, [resource], {}, config)
    : examine(rule as ResourceValidationPolicy, resource, config);
}

const objects = ({ violations, unseen }: Verdict): boolean => violations.length > 0 || unseen !== undefined;

/** The properties that a rule reads of a resource, by path. */
function pathsReadBy(rule: (typeof rules)[number], resource: Resource): string[] {
  const paths = new Set<string>();
  const recorded = (value: object, at: string): object =>
    new Proxy(value, {
      get: (target, key) => {
        const inner = (target as Record<string | symbol, unknown>)[key];
        if (
          typeof key === "symbol" ||
          key === "length" ||
          key.startsWith("__") ||
          typeof inner === "function"
        ) {
          return inner;
        }
        const path = at === "" ? key : `${at}.${key}`;
        paths.add(path);
        return typeof inner === "object" && inner !== null ? recorded(inner, path) : inner;
      },
    });
  const props = recorded(resource.props, "") as Resource["props"];
  if ("validateStack" in rule) {
    // The stack's double copies what it is given: what reading the copy needs, a resource rule with the same reader tells.
    return [];
  }
  examine(rule as ResourceValidationPolicy, { ...resource, props }, strict[rule.name] ?? {});
  return [...paths];
}

const valueAt = (properties: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown>)?.[key], properties);

/** Every path in a value, down to its leaves. */
function pathsIn(value: unknown, at = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = at === "" ? key : `${at}.${key}`;
    return [path, ...pathsIn(inner, path)];
  });
}

const mutated = (resource: Resource, path: string, value: unknown): Resource => ({
  ...resource,
  props: change(resource.props, { [path]: value }),
});

const judged = rules.filter(({ name }) => ![...others, ...ofOtherWays].includes(name));
const sameReader: Record<string, string> = {
  "stack-cost-limit": "worst-case-cost-limit",
  "stack-instance-limit": "instance-count-limit",
};

/** The same request as the inputs of another dynamic provider, which stands for all other ways: they are read by one reader. */
const otherWay = {
  type: "pulumi-nodejs:dynamic:Resource",
  job: (changes: Changes) => {
    const { hyperparameters: hyperParameters, ...props } = kindOf(dynamicType).job(changes).props;
    return { type: otherWay.type, name: "mednist", props: { ...props, hyperParameters } };
  },
};

describe("a value of a wrong type, at any depth of a training", () => {
  for (const { type, job } of [...kinds, otherWay]) {
    describe(type, () => {
      const resource = job(careful);

      for (const rule of judged) {
        it(`is never compliant, nor taken for one that is not set: ${rule.name}`, () => {
          assert.ok(!objects(judge(rule, resource)), JSON.stringify(judge(rule, resource)));
          const reader = judged.find(({ name }) => name === (sameReader[rule.name] ?? rule.name));
          // A view of a request has what is there only: what else a rule asks for, the job that it views as tells.
          const viewed = type === otherWay.type ? kindOf(nativeType).job(careful) : resource;
          const paths = pathsReadBy(reader ?? rule, viewed).filter((path) => !free.test(path));
          assert.ok(paths.length > 0, "it reads something");
          for (const path of paths) {
            for (const wrong of wrongFor[shapeOf(path, valueAt(resource.props, path))] ?? []) {
              const verdict = judge(rule, mutated(resource, path, wrong));
              assert.ok(objects(verdict), `${path}: ${JSON.stringify(wrong)} passes`);
            }
            const hidden = judge(rule, mutated(resource, path, unknown.object));
            assert.ok(objects(hidden), `${path}: passes though it is not known`);
          }
        });

        it(`stays refused where what it needs is there and empty: ${rule.name}`, () => {
          for (const path of pathsIn(resource.props)) {
            if (!objects(judge(rule, mutated(resource, path, undefined)))) continue;
            for (const empty of ["", null, {}, []]) {
              const verdict = judge(rule, mutated(resource, path, empty));
              assert.ok(objects(verdict), `${path}: ${JSON.stringify(empty)} passes`);
            }
          }
        });
      }

      it("is judged alike as a number and as its digits", () => {
        const numbers = pathsIn(resource.props).filter(
          (path) => typeof valueAt(resource.props, path) === "number",
        );
        assert.ok(numbers.length >= 3);
        for (const rule of judged) {
          for (const path of numbers) {
            for (const number of [1, 100_000]) {
              assert.deepEqual(
                judge(rule, mutated(resource, path, String(number))),
                judge(rule, mutated(resource, path, number)),
                `${rule.name}: ${path}`,
              );
            }
          }
        }
      });
    });
  }
});
