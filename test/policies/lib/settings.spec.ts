import { strict as assert } from "node:assert";
import dev from "../../../policies/examples/policy-config.dev.json";
import prod from "../../../policies/examples/policy-config.prod.json";
import { withDefaults } from "../../../policies/lib/config";
import { settingsOf } from "../../../policies/lib/settings";
import { checkValues } from "../../../policies/lib/values";
import { rules } from "../../../policies/rules";

/** What the reader has against a configuration file. */
function faultsOf(file: unknown): string[] {
  try {
    settingsOf(rules, file, checkValues);
    return [];
  } catch (error) {
    return (error as Error).message.split("\n").slice(1);
  }
}

describe("the configuration of the policies", () => {
  const wrong: [string, unknown, string][] = [
    ["a level in capitals", { all: "Mandatory" }, `all: "Mandatory" is no level, did you mean mandatory?`],
    [
      "a level that there is not",
      { "max-run-limit": "warn" },
      `max-run-limit: "warn" is no level; the levels are advisory, mandatory, remediate, disabled`,
    ],
    [
      "a level that is no text",
      { "max-run-limit": { enforcementLevel: true } },
      "max-run-limit: true is no level; the levels are advisory, mandatory, remediate, disabled",
    ],
    [
      "a misspelt rule",
      { "max-run-limt": "mandatory" },
      `there is no rule "max-run-limt", did you mean max-run-limit?`,
    ],
    [
      "a rule in camel case",
      { maxRunLimit: "mandatory" },
      `there is no rule "maxRunLimit", did you mean max-run-limit?`,
    ],
    ["an unknown rule", { zebra: "mandatory" }, `there is no rule "zebra"`],
    [
      "a misspelt setting",
      { "max-run-limit": { maxRunSecond: 10 } },
      `max-run-limit: there is no setting "maxRunSecond", did you mean maxRunSeconds?`,
    ],
    [
      "a setting of another rule",
      { "max-run-limit": { requireDigest: true } },
      `max-run-limit: there is no setting "requireDigest"; its settings are maxRunSeconds`,
    ],
    [
      "a setting of a rule without any",
      { "training-completed": { wait: true } },
      `training-completed: there is no setting "wait"; it has no settings`,
    ],
    [
      "a setting for all rules",
      { all: { enforcementLevel: "mandatory", maxRunSeconds: 1 } },
      `"all" takes a level only: "maxRunSeconds" belongs to the rule that has it`,
    ],
    [
      "a text for a number",
      { "max-run-limit": { maxRunSeconds: "12h" } },
      "max-run-limit: maxRunSeconds must be integer",
    ],
    [
      "a text for a list",
      { "required-tags": { requiredTags: "owner" } },
      "required-tags: requiredTags must be array",
    ],
    [
      "a value out of its set",
      { "network-isolation-or-vpc": { accepted: ["VPC"] } },
      "network-isolation-or-vpc: accepted.0 must be equal to one of the allowed values: isolation, vpc",
    ],
    [
      "a number out of range",
      { "max-run-limit": { maxRunSeconds: 0 } },
      "max-run-limit: maxRunSeconds must be >= 1",
    ],
    ["no object", [], "it must be an object with the names of rules as keys"],
    [
      "a list for a rule",
      { "max-run-limit": [1] },
      "max-run-limit must be a level or an object with settings, not [1]",
    ],
    [
      "environments of the wrong kind",
      { environments: "prod" },
      `"environments" must be a list of names of Pulumi ESC environments`,
    ],
  ];
  for (const [what, file, fault] of wrong) {
    it(`refuses ${what}`, () => assert.deepEqual(faultsOf(file), [`- ${fault}`]));
  }

  it("lists every fault at once", () => {
    assert.equal(faultsOf({ all: "on", "max-run": {}, "max-run-limit": { seconds: 1 } }).length, 3);
  });

  it("leaves environments to the engine", () => {
    assert.deepEqual(faultsOf({ environments: ["acme/prod"], all: "advisory" }), []);
  });

  it("has nothing against the examples", () => {
    assert.deepEqual([faultsOf(dev), faultsOf(prod)], [[], []]);
  });

  it("takes the level of the rule, then of all, then of the pack", () => {
    const level = (file: object) => settingsOf(rules, file).get("max-run-limit")?.level;
    assert.equal(level({ all: "disabled", "max-run-limit": { enforcementLevel: "remediate" } }), "remediate");
    assert.equal(level({ all: "disabled", "max-run-limit": { maxRunSeconds: 5 } }), "disabled");
    assert.equal(level({}), "mandatory");
  });

  it("reaches no rule with a setting that the rule does not have, however the rule is run", () => {
    const schema = { properties: { maxRunSeconds: { type: "integer" as const, default: 5 } } };
    assert.throws(() => withDefaults(schema, { maxRunSecond: 1 }), /did you mean maxRunSeconds\?/);
  });
});
