import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { checkConfig, diffConfig, parseConfig } from "../../../local/provider/config.ts";
import { unknownValue } from "../../../local/provider/values.ts";

/** The settings of the provider, from its declaration file. */
function providerSettings(): string[] {
  const source = readFileSync(require.resolve("@pulumi/aws/provider.d.ts"), "utf8");
  const args = source.slice(source.indexOf("interface ProviderArgs"));
  return [...args.matchAll(/^ {4}(\w+)\?:/gm)].map(([, name]) => name);
}

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

  it("reads the endpoints of single services", () => {
    const endpoints = JSON.stringify([{ s3: "http://127.0.0.1:1" }, { iam: "http://127.0.0.1:2", sts: "" }]);
    const urls = { s3: "http://127.0.0.1:1", iam: "http://127.0.0.1:2" };
    assert.deepEqual(parseConfig({ endpoints }, {}).endpoints, urls);
  });

  const differences: [what: string, olds: object, news: object, replaces: string[], others: string[]][] = [
    ["another region", { region: "us-east-1" }, { region: "eu-west-1" }, ["region"], []],
    ["no region any more", { region: "us-east-1" }, {}, ["region"], []],
    ["a region that was not recorded", {}, { region: "us-east-1" }, [], ["region"]],
    ["another endpoint", { endpoints: '[{"s3":"a"}]' }, { endpoints: '[{"s3":"b"}]' }, ["endpoints"], []],
    [
      "the same endpoint, spelt otherwise",
      { endpoints: '[{"s3":"a"}]' },
      { endpoints: [{ s3: "a" }] },
      [],
      [],
    ],
    ["another account", { accessKey: "111111111111" }, { accessKey: "222222222222" }, ["accessKey"], []],
    [
      "another account's number",
      { allowedAccountIds: '["1"]' },
      { allowedAccountIds: '["2"]' },
      ["allowedAccountIds"],
      [],
    ],
    [
      "new keys",
      { accessKey: "AKIA1", secretKey: "a" },
      { accessKey: "AKIA2", secretKey: "b" },
      [],
      ["accessKey", "secretKey"],
    ],
    [
      "other tags and a newer version",
      { version: "1" },
      { version: "2", defaultTags: "{}" },
      [],
      ["version", "defaultTags"],
    ],
  ];
  for (const [what, olds, news, replaces, others] of differences) {
    it(`tells what ${what} changes`, () => {
      const changes = [...diffConfig({ ...olds }, { ...news })];
      const names = (replacing: boolean) =>
        changes.filter(([, change]) => change.replaces === replacing).map(([name]) => name);
      assert.deepEqual([names(true), names(false)], [replaces, others]);
    });
  }

  it("accepts every setting that @pulumi/aws has, but for those that would change who acts or what is tagged", () => {
    const refused = ["assumeRoles", "assumeRoleWithWebIdentity", "ignoreTags"];
    const failures = checkConfig(Object.fromEntries(providerSettings().map((name) => [name, "x"])));
    assert.deepEqual(failures.map(({ property }) => property).sort(), refused.sort());
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
    assert.deepEqual(checkConfig({ assumeRoles: "[]", ignoreTags: "null", version: "7.48.0" }), []);
  });
});
