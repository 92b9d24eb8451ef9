import assert from "node:assert/strict";
import { refusal } from "../../../../local/aws/front/guard.ts";
import { readTarget } from "../../../../local/aws/front/target.ts";

const host = { host: "127.0.0.1:4566" };

describe("the guard of the front", () => {
  const passes: [string, Record<string, string>, string][] = [
    ["an object", host, "/bucket/key"],
    ["a key with underscores and dots", host, "/bucket/_a/..b"],
    ["a key with what looks like a control path", host, "/bucket/_ministack/reset"],
    ["its own controls", host, "/_local/faults"],
    ["localhost", { host: "localhost:1" }, "/"],
    ["an address typed into a browser", { ...host, "sec-fetch-site": "none" }, "/bucket/key"],
  ];
  for (const [what, headers, url] of passes) {
    it(`lets ${what} pass`, () => assert.equal(refusal({ headers }, readTarget(url)), undefined));
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
    ["ministack's health", host, "/_ministack/health"],
    ["its own controls, encoded", host, "/%5Flocal/iam"],
    ["its own controls, behind slashes", host, "//_local/faults"],
    ["its own controls, behind dots", host, "/a/../_local/faults"],
    ["a control behind a control", host, "/_local/faults/../iam"],
  ];
  for (const [what, headers, url] of refused) {
    it(`refuses ${what}`, () => assert.equal(typeof refusal({ headers }, readTarget(url)), "string"));
  }
});
