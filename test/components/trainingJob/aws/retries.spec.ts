import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import {
  areCredentialsExpired,
  isMissingJob,
  isTransient,
  withRetries,
} from "../../../../components/trainingJob/aws/retries";
import { awsError, denied, expired, throttled, validation } from "../../support/awsErrors";
import { failureOf } from "../../support/failure";

const network = (code: string) => Object.assign(new Error("connect"), { code });
const now = { minTimeout: 0 };

/** Fails so many times, then succeeds; counts its calls. */
function flaky(times: number, error: () => Error) {
  const work = async () => {
    work.calls++;
    if (work.calls <= times) throw error();
    return "done";
  };
  work.calls = 0;
  return work;
}

describe("isTransient", () => {
  for (const error of [
    throttled(),
    awsError("TooManyRequestsException", "", 429),
    awsError("SlowDown", "", 503),
    awsError("InternalServerError", "", 500),
    awsError("ServiceUnavailable", "", 503),
    awsError("TimeoutError"),
    network("ECONNRESET"),
    network("ECONNREFUSED"),
    network("EAI_AGAIN"),
    network("ETIMEDOUT"),
    network("EPIPE"),
    network("ENETUNREACH"),
    network("EHOSTUNREACH"),
  ]) {
    it(`is ${error.name} ${(error as { code?: string }).code ?? ""}`, () => assert.ok(isTransient(error)));
  }

  for (const error of [
    validation("bad input"),
    denied("sagemaker:CreateTrainingJob"),
    awsError("ResourceLimitExceeded"),
    awsError("ResourceInUse"),
    expired(),
    new TypeError("undefined is not a function"),
    network("ENOENT"),
    "text",
    undefined,
  ]) {
    it(`is not ${error instanceof Error ? error.name : error}`, () => assert.ok(!isTransient(error)));
  }
});

describe("areCredentialsExpired", () => {
  it("knows the names that AWS and the SDK use", () => {
    for (const name of [
      "ExpiredToken",
      "ExpiredTokenException",
      "RequestExpired",
      "CredentialsProviderError",
    ]) {
      assert.ok(areCredentialsExpired(awsError(name)), name);
    }
    assert.ok(!areCredentialsExpired(denied("anything")));
    assert.ok(!areCredentialsExpired(undefined));
  });
});

describe("isMissingJob", () => {
  for (const error of [
    validation("Requested resource not found."),
    validation("Could not find training job 'arn:aws:sagemaker:us-east-1:1:training-job/dense-0123abcd'."),
    validation("Training job dense-0123abcd does not exist"),
    validation("The training job dense-0123abcd was not found"),
    awsError("ResourceNotFound"),
    awsError("ResourceNotFoundException"),
  ]) {
    it(`is told by ${error.name}: ${error.message}`, () => assert.ok(isMissingJob(error)));
  }

  for (const error of [
    validation("1 validation error detected"),
    validation("No S3 objects found under S3 URL"),
    validation("The role of the training job cannot be assumed: it is not valid"),
    awsError("AccessDeniedException", "Requested resource not found"),
    awsError("UnservedOperationError", "Could not find training job"),
  ]) {
    it(`is not told by ${error.name}: ${error.message}`, () => assert.ok(!isMissingJob(error)));
  }
});

describe("withRetries", () => {
  it("tries again until it succeeds", async () => {
    const work = flaky(12, throttled);
    assert.equal(await withRetries(work, now), "done");
    assert.equal(work.calls, 13);
  });

  it("gives up after 12 more tries, with AWS's error", async () => {
    const work = flaky(100, throttled);
    assert.equal((await failureOf(withRetries(work, now))).name, "ThrottlingException");
    assert.equal(work.calls, 13);
  });

  it("does not repeat what will not pass", async () => {
    for (const error of [validation("no"), denied("x"), expired(), new TypeError("a bug")]) {
      const work = flaky(1, () => error);
      assert.equal(await failureOf(withRetries(work, now)), error);
      assert.equal(work.calls, 1);
    }
  });

  it("ends its waiting when it is cancelled", async () => {
    const operation = new AbortController();
    const reason = new Error("cancelled");
    const work = flaky(100, throttled);
    const result = failureOf(withRetries(work, { signal: operation.signal, minTimeout: 20_000 }));
    await new Promise(setImmediate);
    operation.abort(reason);
    assert.equal(await result, reason);
    assert.equal(work.calls, 1);
  });

  it("does not begin when it is cancelled already", async () => {
    const work = flaky(0, throttled);
    const reason = new Error("cancelled");
    assert.equal(await failureOf(withRetries(work, { signal: AbortSignal.abort(reason) })), reason);
    assert.equal(work.calls, 0);
  });

  it("works on a Node that cannot require ES modules, as 20.18 and earlier", () => {
    const script = `
      require("ts-node").register({ transpileOnly: true });
      require("./components/trainingJob/aws/retries").withRetries(async () => 42).then(console.log);`;
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ["--no-experimental-require-module", "-e", script],
      {
        cwd: path.resolve(__dirname, "../../../.."),
        encoding: "utf8",
        env: { PATH: process.env.PATH },
      },
    );
    assert.equal(stdout.trim(), "42", stderr);
  });
});
