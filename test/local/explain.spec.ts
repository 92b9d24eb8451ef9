import assert from "node:assert/strict";
import path from "node:path";
import { advice } from "../../local/advice.mjs";
import { explain } from "../../local/explain.ts";
import { cacheDir, projectDir, stateDir } from "../../local/paths.ts";
import { SetupError } from "../../local/setupError.ts";

const failure = (code: string, file: string) =>
  Object.assign(new Error(`${code}: failed, mkdir '${file}'`), { code, path: file });

describe("an error of the file system", () => {
  const cases: [what: string, error: Error, expected: RegExp][] = [
    [
      "in the cache of another user",
      failure("EACCES", path.join(cacheDir, "uv")),
      /^The cache .* TRAINING_CACHE_DIR\.$/,
    ],
    ["above the cache", failure("EACCES", path.dirname(cacheDir)), /^The cache .* TRAINING_CACHE_DIR\.$/],
    [
      "in the state",
      failure("EROFS", path.join(stateDir, "aws")),
      /^The local stack's state .* TRAINING_STATE_DIR\.$/,
    ],
    [
      "in a checkout of another user",
      failure("EPERM", path.join(projectDir, "x")),
      /^This checkout .*\(EPERM: .*clone/,
    ],
    [
      "for a full disk",
      failure("ENOSPC", "/x"),
      /^ENOSPC: .*\nThe disk is full: make room .* TRAINING_CACHE_DIR\.$/,
    ],
  ];
  for (const [what, error, expected] of cases) {
    it(`${what} says what to do next`, () => assert.match(explain(error), expected));
  }

  it("elsewhere keeps its stack, and what the user may see is one line", () => {
    assert.match(explain(failure("EACCES", "/etc/x")), /at /);
    assert.equal(explain(new SetupError("do this")), "do this");
  });
});

describe("advice", () => {
  const outputs: Record<string, RegExp> = {
    "npm error code EAI_AGAIN": /No answer .*npm config get registry/,
    "npm error FetchError: connect ECONNREFUSED 127.0.0.1:9": /No answer/,
    'go: golang.org/x/mod: Get "https://x": dial tcp: lookup x: no such host': /No answer .* GOPROXY/,
    "error: Failed to fetch: error sending request for url (https://x)": /No answer/,
    "invalid peer certificate: UnknownIssuer": /SSL_CERT_FILE/,
    "npm error code SELF_SIGNED_CERT_IN_CHAIN": /NODE_EXTRA_CA_CERTS/,
    "write /tmp/x: no space left on device": /disk is full/,
    "error: something else": /^$/,
  };
  for (const [output, expected] of Object.entries(outputs)) {
    it(`on ${output}`, () => assert.match(advice(output).trim(), expected));
  }
});
