import assert from "node:assert/strict";
import { howToAllow, isDenied, readDenial } from "../../../../components/trainingJob/aws/denied";
import { awsError, throttled, validation } from "../../support/awsErrors";

const WHO = "arn:aws:sts::111122223333:assumed-role/ci/run-7";
const ARN = "arn:aws:sagemaker:us-east-1:111122223333:training-job/dense-0123abcd";
const START = `User: ${WHO} is not authorized to perform: sagemaker:AddTags on resource: ${ARN}`;

/** What AWS's documentation of access denied messages lists, and what to do about each. */
const CASES: [string, string][] = [
  [
    `${START} because no identity-based policy allows the sagemaker:AddTags action`,
    `grant ${WHO} sagemaker:AddTags on ${ARN}`,
  ],
  [
    `${START} with an explicit deny in an identity-based policy`,
    `take the explicit deny of sagemaker:AddTags on ${ARN} for ${WHO} out of the identity-based policy`,
  ],
  [
    `${START} with an explicit deny in a service control policy`,
    `let who manages your AWS organization allow sagemaker:AddTags on ${ARN}: a service control policy denies it to ${WHO}`,
  ],
  [
    `${START} because no service control policy allows the sagemaker:AddTags action`,
    `let who manages your AWS organization allow sagemaker:AddTags on ${ARN}: a service control policy denies it to ${WHO}`,
  ],
  [
    `${START} because no permissions boundary allows the sagemaker:AddTags action`,
    `allow sagemaker:AddTags on ${ARN} for ${WHO} in the permissions boundary`,
  ],
  [
    `${START} because no session policy allows the sagemaker:AddTags action`,
    `allow sagemaker:AddTags on ${ARN} for ${WHO} in the session policy`,
  ],
  [`User: ${WHO} is not authorized to perform: sagemaker:AddTags`, `grant ${WHO} sagemaker:AddTags`],
  ["Access Denied", "grant your identity the default"],
  ["UnknownError", "grant your identity the default"],
];

describe("howToAllow", () => {
  for (const [message, expected] of CASES) {
    it(`is told after: ${message.replace(START, "…")}`, () =>
      assert.equal(howToAllow(message, "the default"), expected));
  }
});

describe("readDenial", () => {
  it("takes the resource without the full stop of a sentence", () => {
    assert.equal(readDenial(`${START}.`).resource, ARN);
  });
});

describe("isDenied", () => {
  for (const error of [
    awsError("AccessDeniedException", "no", 400),
    awsError("AccessDenied", "Access Denied", 403),
    awsError("403", "UnknownError", 403),
    awsError("Unknown", "UnknownError", 403),
    awsError("Forbidden", "Forbidden", 403),
  ]) {
    it(`is ${error.name}`, () => assert.ok(isDenied(error)));
  }

  for (const error of [
    validation("no"),
    throttled(),
    awsError("ExpiredToken", "expired", 403),
    awsError("InvalidAccessKeyId", "no such key", 403),
    awsError("Unknown", "UnknownError", 400),
    new TypeError("undefined"),
  ]) {
    it(`is not ${error.name}`, () => assert.ok(!isDenied(error)));
  }
});
