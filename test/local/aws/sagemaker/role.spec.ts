import assert from "node:assert/strict";
import type { STSClient } from "@aws-sdk/client-sts";
import { assumeRole, trustsSageMaker } from "../../../../local/aws/sagemaker/role.ts";

const policy = (...statements: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const allow = {
  Effect: "Allow",
  Action: "sts:AssumeRole",
  Principal: { Service: "sagemaker.amazonaws.com" },
};

describe("a trust policy", () => {
  const cases: [string, string, boolean][] = [
    ["that names SageMaker", policy(allow), true],
    ["URL-encoded, as IAM gives it", encodeURIComponent(policy(allow)), true],
    [
      "with several services",
      policy({ ...allow, Principal: { Service: ["ec2.amazonaws.com", "sagemaker.amazonaws.com"] } }),
      true,
    ],
    ["with several actions", policy({ ...allow, Action: ["sts:TagSession", "sts:AssumeRole"] }), true],
    ["with one statement that is no list", JSON.stringify({ Statement: allow }), true],
    ["for anybody", policy({ ...allow, Principal: "*" }), true],
    ["for another service", policy({ ...allow, Principal: { Service: "ec2.amazonaws.com" } }), false],
    ["for an account", policy({ ...allow, Principal: { AWS: "arn:aws:iam::1:root" } }), false],
    ["for another action", policy({ ...allow, Action: "sts:TagSession" }), false],
    ["that denies it again", policy(allow, { ...allow, Effect: "Deny" }), false],
    ["that is damaged", "{", false],
    ["that is empty", "", false],
  ];
  for (const [what, document, trusted] of cases) {
    it(`${what} ${trusted ? "lets" : "does not let"} SageMaker assume the role`, () => {
      assert.equal(trustsSageMaker(document), trusted);
    });
  }
});

describe("the credentials of a job", () => {
  it("last longer than any job, and its upload", async () => {
    let seconds = 0;
    const sts = {
      send: async ({ input }: { input: { DurationSeconds: number } }) => {
        seconds = input.DurationSeconds;
        return { Credentials: { AccessKeyId: "k", SecretAccessKey: "s", SessionToken: "t" } };
      },
    };
    const credentials = await assumeRole(sts as unknown as STSClient, "arn:aws:iam::0:role/r", "job");
    assert.deepEqual(credentials, { accessKeyId: "k", secretAccessKey: "s", sessionToken: "t" });
    assert.ok(seconds > (28 + 1) * 24 * 3600, `${seconds} s`); // 28 days are MaxRuntimeInSeconds' limit
  });
});
