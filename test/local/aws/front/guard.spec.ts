import assert from "node:assert/strict";
import { readCaller } from "../../../../local/aws/front/caller.ts";
import { refusal } from "../../../../local/aws/front/guard.ts";

const host = { host: "127.0.0.1:4566" };

describe("the guard of the front", () => {
  const passes: [string, Record<string, string>, string][] = [
    ["an object", host, "/bucket/key"],
    ["a key with underscores and dots", host, "/bucket/_a/..b"],
    ["a key with what looks like a control path", host, "/bucket/_ministack/reset"],
    ["health", host, "/_ministack/health"],
    ["its own controls", host, "/_local/faults"],
    ["localhost", { host: "localhost:1" }, "/"],
    ["an address typed into a browser", { ...host, "sec-fetch-site": "none" }, "/bucket/key"],
  ];
  for (const [what, headers, url] of passes) {
    it(`lets ${what} pass`, () => assert.equal(refusal({ headers, url }), undefined));
  }

  const refused: [string, Record<string, string>, string][] = [
    ["a page's fetch", { ...host, origin: "http://evil.example" }, "/"],
    ["a page's image", { ...host, "sec-fetch-site": "cross-site" }, "/?Action=CreateUser"],
    ["another host name", { host: "evil.example" }, "/"],
    ["a host that begins like ours", { host: "127.0.0.1.evil.example" }, "/"],
    ["no host", {}, "/"],
    ["a control path", host, "/_ministack/reset"],
    ["a control path with a query", host, "/_ministack/reset?x=1"],
    ["a control path, encoded", host, "/%5f%6dinistack/reset"],
    ["a control path behind slashes", host, "///_ministack/reset"],
    ["a control path behind dots", host, "/a/../_ministack/reset"],
    ["a control path behind encoded dots", host, "/a/%2e%2e/_ministack/reset"],
    ["a whole URL", host, "http://127.0.0.1/_ministack/reset"],
    ["bad encoding", host, "/%"],
    ["LocalStack's paths", host, "/_localstack/state"],
  ];
  for (const [what, headers, url] of refused) {
    it(`refuses ${what}`, () => assert.equal(typeof refusal({ headers, url }), "string"));
  }
});

describe("the caller", () => {
  const scope = (key: string) =>
    readCaller(
      `AWS4-HMAC-SHA256 Credential=${key}/20260101/eu-central-1/sagemaker/aws4_request, SignedHeaders=host, Signature=x`,
    );

  it("is read from the signature", () => {
    assert.deepEqual(scope("test"), {
      accessKey: "test",
      region: "eu-central-1",
      service: "sagemaker",
      account: "000000000000",
    });
  });

  it("has the account of a 12-digit key", () => assert.equal(scope("123456789012").account, "123456789012"));

  it("is in us-east-1 when the call is not signed", () => {
    assert.equal(readCaller(undefined).region, "us-east-1");
    assert.equal(readCaller("Basic x").account, "000000000000");
  });
});
