import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { providerFunction, resourceType, servedTypes } from "../../../local/provider/registry.ts";
import { inputsOf } from "../../../local/provider/resource.ts";

/** The properties that the class in @pulumi/aws passes to the provider. */
function sdkProperties(token: string): { token: string | undefined; inputs: string[]; outputs: string[] } {
  const source = readFileSync(require.resolve(`@pulumi/aws/${token.split(":")[1]}.js`), "utf8");
  const matches = (pattern: RegExp) => [...source.matchAll(pattern)].map((match) => match[1]);
  return {
    token: matches(/__pulumiType = '([^']+)'/g)[0],
    inputs: matches(/resourceInputs\["(\w+)"\] = args\?/g),
    outputs: matches(/resourceInputs\["(\w+)"\] = state\?/g),
  };
}

describe("registry", () => {
  for (const type of servedTypes()) {
    it(`declares ${type.token} as @pulumi/aws does`, () => {
      const sdk = sdkProperties(type.token);
      assert.equal(sdk.token, type.token);
      const unknown = (names: string[], known: string[]) => names.filter((name) => !known.includes(name));
      assert.deepEqual(unknown(Object.keys(inputsOf(type)), [...sdk.inputs, "tagsAll"]), []);
      assert.deepEqual(unknown([...type.outputs], sdk.outputs), []);
    });
  }

  it("names what it serves when asked for something else", () => {
    const expected =
      /serves the resource types .*aws\.s3\.Bucket,.*; aws:sqs\/queue:Queue is not among them: use a real AWS account/;
    assert.throws(() => resourceType("aws:sqs/queue:Queue"), expected);
    const functions =
      /serves the functions aws\.getCallerIdentity,.*; aws:ec2\/getVpc:getVpc is not among them/;
    assert.throws(() => providerFunction("aws:ec2/getVpc:getVpc"), functions);
  });

  it("finds every function under the token of @pulumi/aws", () => {
    for (const token of [
      "aws:index/getCallerIdentity:getCallerIdentity",
      "aws:index/getRegion:getRegion",
      "aws:index/getPartition:getPartition",
      "aws:s3/getBucket:getBucket",
      "aws:ecr/getRepository:getRepository",
      "aws:ecr/getImage:getImage",
      "aws:sagemaker/getPrebuiltEcrImage:getPrebuiltEcrImage",
    ]) {
      assert.equal(providerFunction(token).token, token);
      const path = token.split(":")[1].replace("index/", "");
      assert.ok(readFileSync(require.resolve(`@pulumi/aws/${path}.js`), "utf8").includes(`"${token}"`));
    }
  });
});
