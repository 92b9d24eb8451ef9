import assert from "node:assert/strict";
import { once } from "node:events";
import * as fs from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { ListTrainingJobsCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import type { AwsCredentialIdentity } from "@smithy/types";
import { isTransient } from "../../../../components/trainingJob/aws/retries";
import { type AwsSession, awsSession } from "../../../../components/trainingJob/aws/session";
import { failureOf } from "../../support/failure";
import { FakeSts } from "../../support/fakeSts";

/** The stack's configuration; structured values as JSON, as the engine hands them over. */
const session = (config: Record<string, unknown> = {}, region?: string): AwsSession =>
  awsSession((key) => {
    const value = config[key];
    return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
  }, region);

const REGION = { "aws:region": "eu-west-1" };
const KEYS = { "aws:accessKey": "AKIA", "aws:secretKey": "secret" };
const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;

async function credentialsOf(config: Record<string, unknown>): Promise<AwsCredentialIdentity> {
  const { credentials } = session({ ...REGION, ...config }).clientConfig("sagemaker");
  return typeof credentials === "function" ? credentials() : (credentials as AwsCredentialIdentity);
}

describe("awsSession", () => {
  const environment = { ...process.env };
  const forget = () => {
    for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
  };
  beforeEach(forget);
  afterEach(() => {
    forget();
    Object.assign(process.env, environment);
  });

  describe("region", () => {
    it("is the resource's own, the stack's, or the environment's, in this order", () => {
      process.env.AWS_DEFAULT_REGION = "us-east-2";
      assert.equal(session().region, "us-east-2");
      process.env.AWS_REGION = "us-west-2";
      assert.equal(session().region, "us-west-2");
      assert.equal(session(REGION).region, "eu-west-1");
      assert.equal(session(REGION, "ap-south-1").region, "ap-south-1");
      assert.equal(session(REGION, "ap-south-1").clientConfig("s3").region, "ap-south-1");
    });

    it("must be known: the error says how to set it", () => {
      assert.throws(() => session(), /pulumi config set aws:region/);
    });
  });

  it("does not wait for ever for a network that is gone: the call fails, and may be made again", async () => {
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const config = session({ ...REGION, ...KEYS }).clientConfig("sagemaker");
    assert.ok(Number(config.requestHandler.requestTimeout) <= 60_000);
    const client = new SageMakerClient({
      ...config,
      endpoint: `http://127.0.0.1:${port}`,
      requestHandler: { ...config.requestHandler, requestTimeout: 20 },
    });
    try {
      const error = await failureOf(client.send(new ListTrainingJobsCommand({})));
      assert.equal(error.name, "TimeoutError");
      assert.ok(isTransient(error));
    } finally {
      client.destroy();
      silent.closeAllConnections();
      silent.close();
    }
  });

  describe("credentials", () => {
    it("are left to the SDK where the stack says nothing", () => {
      assert.ok(!("credentials" in session(REGION).clientConfig("sagemaker")));
    });

    it("are the stack's keys", async () => {
      assert.deepEqual(await credentialsOf({ ...KEYS, "aws:token": "token" }), {
        accessKeyId: "AKIA",
        secretAccessKey: "secret",
        sessionToken: "token",
      });
    });

    it("are those of the stack's profile", async () => {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), "profile-"));
      const file = path.join(folder, "credentials");
      fs.writeFileSync(file, "[team]\naws_access_key_id = of-team\naws_secret_access_key = secret\n");
      process.env.AWS_SHARED_CREDENTIALS_FILE = file;
      process.env.AWS_CONFIG_FILE = path.join(folder, "none");
      try {
        assert.equal((await credentialsOf({ "aws:profile": "team" })).accessKeyId, "of-team");
      } finally {
        fs.rmSync(folder, { recursive: true });
      }
    });
  });

  describe("roles", () => {
    const sts = new FakeSts();
    let endpoints: Record<string, string>[];
    before(async () => {
      endpoints = [{ sts: await sts.start() }];
    });
    after(() => sts.stop());
    beforeEach(() => {
      sts.assumed.length = 0;
    });

    it("are assumed with all that the stack says of them", async () => {
      const credentials = await credentialsOf({
        ...KEYS,
        "aws:endpoints": endpoints,
        "aws:assumeRole": {
          roleArn: role("trainer"),
          sessionName: "me",
          externalId: "x-1",
          duration: "2h",
          policyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
          sourceIdentity: "ada",
          tags: { team: "imaging" },
          transitiveTagKeys: ["team"],
        },
      });

      assert.equal(credentials.accessKeyId, "key-of-trainer");
      const [{ signedBy, params }] = sts.assumed;
      assert.equal(signedBy, "AKIA");
      const { Action: _action, Version: _version, ...asked } = params;
      assert.deepEqual(asked, {
        RoleArn: role("trainer"),
        RoleSessionName: "me",
        ExternalId: "x-1",
        DurationSeconds: "7200",
        "PolicyArns.member.1.arn": "arn:aws:iam::aws:policy/ReadOnlyAccess",
        SourceIdentity: "ada",
        "Tags.member.1.Key": "team",
        "Tags.member.1.Value": "imaging",
        "TransitiveTagKeys.member.1": "team",
      });
    });

    it("are a chain, each assumed with the credentials of the one before", async () => {
      const credentials = await credentialsOf({
        ...KEYS,
        "aws:endpoints": endpoints,
        "aws:assumeRoles": [{ roleArn: role("hub") }, { roleArn: role("spoke") }],
      });

      assert.equal(credentials.accessKeyId, "key-of-spoke");
      assert.deepEqual(
        sts.assumed.map(({ signedBy, params }) => [signedBy, params.RoleArn, params.RoleSessionName]),
        [
          ["AKIA", role("hub"), "pulumi-training"],
          ["key-of-hub", role("spoke"), "pulumi-training"],
        ],
      );
    });

    it("come as a provider, not as values, so that a job may outlive them", () => {
      const config = { ...REGION, ...KEYS, "aws:assumeRole": { roleArn: role("trainer") } };
      assert.equal(typeof session(config).clientConfig("sagemaker").credentials, "function");
    });

    it("without an ARN are none", async () => {
      await credentialsOf({ ...KEYS, "aws:assumeRoles": [{ sessionName: "me" }] });
      assert.deepEqual(sts.assumed, []);
    });
  });

  describe("endpoints", () => {
    it("are those of the stack, by service", () => {
      const config = { ...REGION, "aws:endpoints": [{ sagemaker: "http://a", cloudwatchlogs: "http://b" }] };
      assert.equal(session(config).clientConfig("sagemaker").endpoint, "http://a");
      assert.equal(session(config).clientConfig("logs").endpoint, "http://b");
      assert.ok(!("endpoint" in session(config).clientConfig("s3")));
    });
  });

  it("leaves retries to the provider, which can be cancelled", () => {
    assert.equal(session(REGION).clientConfig("sagemaker").maxAttempts, 1);
  });
});
