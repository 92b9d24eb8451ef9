import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import path from "node:path";
import { tablePrice } from "../../components/trainingJob/cost/prices";
import { TrainingJob } from "../../components/trainingJob/trainingJob";
import { withRules } from "../../policies/docs";
import { withDefaults } from "../../policies/lib/config";
import { exemptSetting } from "../../policies/lib/exempt";
import { priceTable, trainingPrices } from "../../policies/lib/prices";
import { rules, select } from "../../policies/rules";
import { dynamicType } from "../../policies/training/adapter";
import { examine } from "./support/examine";
import { kinds } from "./support/jobs";

/** The rules that the pack enforces unless its configuration says otherwise. */
const mandatory = [
  "managed-spot-required",
  "max-run-limit",
  "allowed-instance-types",
  "model-artifact-output",
  "running-machines-limit",
];

describe("the policy pack", () => {
  it("enforces what the project promises, and advises on the rest", () => {
    const levels = Object.fromEntries(rules.map(({ name, enforcementLevel }) => [name, enforcementLevel]));
    for (const [name, level] of Object.entries(levels)) {
      assert.equal(level, mandatory.includes(name) ? "mandatory" : "advisory", name);
    }
    assert.deepEqual(
      mandatory.filter((name) => !(name in levels)),
      [],
    );
  });

  it("names its rules in kebab-case, each once, with one sentence of description", () => {
    for (const { name, description } of rules) {
      assert.match(name, /^[a-z]+(-[a-z]+)+$/);
      assert.match(description, /^[A-Z][^.]*\.$/, name);
    }
    assert.equal(new Set(rules.map(({ name }) => name)).size, rules.length);
  });

  it("gives every rule a name to show, tags, steps to keep it and a page to read on", () => {
    for (const { name, displayName, tags = [], remediationSteps, url } of rules) {
      assert.match(displayName ?? "", /^[A-Z]/, name);
      assert.ok(tags.length > 0, name);
      assert.match(remediationSteps ?? "", /^[A-Z].*\.$/, name);
      assert.match(url ?? "", /^https:\/\//, name);
    }
  });

  it("hands out rules by name, for packs of others, and refuses a name that no rule has", () => {
    assert.deepEqual(
      select("trusted-image", "max-run-limit").map(({ name }) => name),
      ["trusted-image", "max-run-limit"],
    );
    assert.throws(() => select("trusted-images"), /no rule "trusted-images", did you mean trusted-image\?/);
  });

  it("describes every setting and gives it a default", () => {
    for (const { name, configSchema } of rules) {
      for (const [setting, { default: value, description }] of Object.entries(
        configSchema?.properties ?? {},
      )) {
        assert.ok(value !== undefined && description, `${name}: ${setting}`);
      }
    }
  });

  it("lets the configuration go before the defaults", () => {
    const schema = {
      properties: { a: { type: "number" as const, default: 1 }, b: { type: "number" as const } },
    };
    assert.deepEqual(withDefaults(schema, {}), { a: 1 });
    assert.deepEqual(withDefaults(schema, { a: 0, b: 2 }), { a: 0, b: 2 });
    assert.deepEqual(withDefaults(undefined, {}), {});
  });

  for (const { job, type } of kinds) {
    it(`has no objection to a careful job of ${type}`, () => {
      for (const rule of rules) {
        if ("validateResource" in rule) {
          const { violations, unseen } = examine(rule, job());
          assert.deepEqual([violations, unseen], [[], undefined], rule.name);
        }
      }
    });
  }

  it("bounds the cost by the prices that the job itself reports", () => {
    for (const [type, price] of Object.entries(trainingPrices)) {
      assert.equal(price, tablePrice(type, priceTable.region)?.training, type);
    }
  });

  it("knows the TrainingJob by its type", () => {
    assert.equal((TrainingJob as unknown as { __pulumiType: string }).__pulumiType, dynamicType);
  });
});

describe("the documentation of the policies", () => {
  const page = readFileSync(path.resolve(__dirname, "../../docs/policies.md"), "utf8");

  it("is up to date with the rules, in the documentation and in the package", () => {
    const readme = readFileSync(path.resolve(__dirname, "../../policies/README.md"), "utf8");
    for (const each of [page, readme]) assert.equal(withRules(each), each, "run npm run policy:docs");
  });

  it("lists every rule and setting", () => {
    for (const { name, configSchema } of rules) {
      assert.match(page, new RegExp(`^\\| \`${name}\` +\\| [A-Z]`, "m"), name);
      for (const setting of Object.keys(configSchema?.properties ?? {})) {
        if (setting === exemptSetting) continue; // All rules have it: the page tells of it once.
        assert.match(page, new RegExp(`^\\| \`${name}\` +\\| \`${setting}\``, "m"), `${name}: ${setting}`);
      }
    }
  });

  it("is renewed between its marks only", () => {
    const stale = page.replace("| mandatory", "| advisory ");
    assert.notEqual(stale, page);
    assert.equal(withRules(stale), page);
    assert.throws(() => withRules("no marks"), /has no part between/);
  });
});
