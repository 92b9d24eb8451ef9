import assert from "node:assert/strict";
import { UNKNOWN } from "../../../../components/trainingJob/args/unknown";
import { configReader } from "../../../../components/trainingJob/aws/awsConfig";
import { checkInputs } from "../../../../components/trainingJob/check/check";
import { inputsWith } from "../check/cases/builders";

describe("configReader", () => {
  const stack = (key: string) => `${key} of the stack`;

  it("reads the stack's configuration where the resource has no provider of its own", () => {
    assert.equal(configReader(undefined, stack)("aws:region"), "aws:region of the stack");
  });

  it("reads nothing but the provider's settings where it has one", () => {
    const reader = configReader({ region: "eu-west-1" }, stack);
    assert.equal(reader("aws:region"), "eu-west-1");
    assert.equal(reader("aws:profile"), undefined);
  });
});

describe("check of a provider's settings", () => {
  const failures = (awsConfig: unknown) => checkInputs(inputsWith({ awsConfig })).failures;

  it("takes what can be followed, also before it is known", () => {
    for (const config of [{ region: "eu-west-1" }, {}, UNKNOWN, { refused: UNKNOWN }]) {
      assert.deepEqual(failures(config), []);
    }
  });

  it("refuses credentials that are not passed on, with what to do", () => {
    const [{ property, reason }] = failures({ region: "eu-west-1", refused: "accessKey, secretKey" });
    assert.equal(property, "provider");
    assert.match(reason, /accessKey, secretKey.*profile, assumeRoles/);
  });
});
