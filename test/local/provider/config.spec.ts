import assert from "node:assert/strict";
import { checkConfig, parseConfig } from "../../../local/provider/config.ts";
import { unknownValue } from "../../../local/provider/values.ts";

describe("provider configuration", () => {
  it("takes the region from the stack, then from the environment", () => {
    assert.equal(parseConfig({ region: "eu-west-1" }, { AWS_REGION: "us-east-2" }).region, "eu-west-1");
    assert.equal(parseConfig({}, { AWS_REGION: "us-east-2" }).region, "us-east-2");
    assert.equal(parseConfig({}, { AWS_DEFAULT_REGION: "us-west-2" }).region, "us-west-2");
    assert.equal(parseConfig({}, {}).region, undefined);
    assert.equal(parseConfig({ region: unknownValue }, { AWS_REGION: "us-east-2" }).region, undefined);
  });

  it("reads default tags from JSON text and from an object", () => {
    const defaultTags = { tags: { project: "p" } };
    assert.deepEqual(parseConfig({ defaultTags }, {}).defaultTags, { project: "p" });
    assert.deepEqual(parseConfig({ defaultTags: JSON.stringify(defaultTags) }, {}).defaultTags, {
      project: "p",
    });
    assert.deepEqual(parseConfig({}, {}).defaultTags, {});
  });

  it("uses keys only when both are given", () => {
    assert.deepEqual(parseConfig({ accessKey: "a", secretKey: "s" }, {}).credentials, {
      accessKeyId: "a",
      secretAccessKey: "s",
      sessionToken: undefined,
    });
    assert.equal(parseConfig({ accessKey: "a" }, {}).credentials, undefined);
  });

  it("refuses settings that would be ignored, and passes those that do not matter", () => {
    const failures = checkConfig({
      region: "us-east-1",
      assumeRoles: '[{"roleArn":"arn"}]',
      skipRegionValidation: "true",
    });
    assert.deepEqual(
      failures.map((failure) => failure.property),
      ["assumeRoles"],
    );
    assert.match(failures[0].reason, /remove it from this stack's configuration/);
    assert.deepEqual(checkConfig({ assumeRoles: "[]", endpoints: "null", version: "7.48.0" }), []);
  });
});
