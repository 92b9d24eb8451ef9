import assert from "node:assert/strict";
import { Identity, type IssuedKey } from "../../../../local/aws/front/identity.ts";
import { controlHeaders, signature } from "../../../../local/aws/front/sigv4.ts";
import { readTarget, type Target } from "../../../../local/aws/front/target.ts";

const owner = { accessKeyId: "LOCALOWNER", secretAccessKey: "secret" };
const session: IssuedKey = {
  secretAccessKey: "of-session",
  sessionToken: "token",
  expiration: 2_000_000_000,
};
const url = new URL("http://127.0.0.1:4566/_local/faults");
const body = "{}";

/** Asks with the headers of a client; `change` alters what arrives, `at` the clock. */
async function ask(
  headers: Record<string, string>,
  { path = url.pathname, method = "POST", sent = body, at = Date.now() } = {},
) {
  const identity = new Identity(
    owner,
    async (key) => ({ ASIASESSION: session, AKIAUSER: { secretAccessKey: "of-user" } })[key],
    () => at,
  );
  const all = { host: url.host, ...headers };
  const request = { method, headers: all, rawHeaders: Object.entries(all).flat() };
  const target = readTarget(path) as Target;
  const found = await identity.recognise(request, target);
  if (typeof found === "string") return found;
  return identity.verify(found, request, target, Buffer.from(sent)) ?? "known";
}

const signed = (credentials = owner) => controlHeaders({ method: "POST", url, body }, credentials);

describe("the owner of the local AWS", () => {
  it("is known by a signature", async () => assert.equal(await ask(signed()), "known"));

  it("may be a user of IAM", async () => {
    assert.equal(await ask(signed({ accessKeyId: "AKIAUSER", secretAccessKey: "of-user" })), "known");
  });

  const doubts: [string, Parameters<typeof ask>, string][] = [
    ["no signature", [{}], "unsigned"],
    ["another scheme", [{ authorization: "Basic dGVzdDp0ZXN0" }], "unsigned"],
    ["signature version 2 in a header", [{ authorization: "AWS LOCALOWNER:sig" }], "unsigned"],
    [
      "a broken credential scope",
      [{ ...signed(), authorization: signed().authorization.replace("aws4_request", "x") }],
      "unsigned",
    ],
    ["a key of its own", [signed({ accessKeyId: "test", secretAccessKey: "test" })], "unknown key"],
    [
      "an account's number",
      [signed({ accessKeyId: "000000000000", secretAccessKey: "test" })],
      "unknown key",
    ],
    [
      "the owner's key without the secret",
      [signed({ ...owner, secretAccessKey: "guess" })],
      "wrong signature",
    ],
    [
      "a session's key without its token",
      [signed({ accessKeyId: "ASIASESSION", secretAccessKey: "of-session" })],
      "unknown key",
    ],
    [
      "a made-up token with the owner's key",
      [{ ...signed(), "x-amz-security-token": "made-up" }],
      "unknown key",
    ],
    ["another body", [signed(), { sent: '{"jobs":[]}' }], "wrong signature"],
    ["another path", [signed(), { path: "/_local/calls" }], "wrong signature"],
    ["another method", [signed(), { method: "DELETE" }], "wrong signature"],
    ["a parameter that was not signed", [signed(), { path: "/_local/faults?a=1" }], "wrong signature"],
    [
      "a header of Amazon's that was not signed",
      [{ ...signed(), "x-amz-copy-source": "/b/k" }],
      "wrong signature",
    ],
    ["the hash of another body", [{ ...signed(), "x-amz-content-sha256": "0" }], "wrong signature"],
    ["a signature of an hour ago", [signed(), { at: Date.now() + 3_600_000 }], "clock"],
    ["a signature of the day after", [signed(), { at: Date.now() - 86_400_000 }], "clock"],
  ];
  for (const [what, call, doubt] of doubts) {
    it(`is not known by ${what}`, async () => assert.equal(await ask(...call), doubt));
  }

  it("is told that a session has expired", async () => {
    const headers = {
      ...signed({ accessKeyId: "ASIASESSION", secretAccessKey: "of-session" }),
      "x-amz-security-token": "token",
    };
    assert.equal(await ask(headers, { at: 2_000_000_001_000 }), "expired");
  });
});

describe("a signature of version 4", () => {
  it("is that of AWS's own example", () => {
    // "Authenticating Requests (AWS Signature Version 4)" of the S3 API reference, GET Bucket (List Objects).
    const signedHeaders = ["host", "x-amz-content-sha256", "x-amz-date"];
    const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const found = signature(
      {
        method: "GET",
        path: "/",
        query: [
          ["prefix", "J"],
          ["max-keys", "2"],
        ],
        headers: {
          host: "examplebucket.s3.amazonaws.com",
          "x-amz-content-sha256": empty,
          "x-amz-date": "20130524T000000Z",
        },
        signedHeaders,
        payloadHash: empty,
        date: "20130524T000000Z",
        region: "us-east-1",
        service: "s3",
      },
      "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    );
    assert.equal(found, "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
  });
});
