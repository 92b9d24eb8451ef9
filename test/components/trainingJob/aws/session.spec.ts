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
import { assertSays, failureOf } from "../../support/failure";
import { FakeSts } from "../../support/fakeSts";

/** The stack's configuration; structured values as JSON, as the engine hands them over. */
const session = (config: Record<string, unknown> = {}, region?: string): AwsSession =>
  awsSession((key) => {
    const value = config[key];
    return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
  }, region);

const REGION = { "aws:region": "eu-west-1" };
const TEAM = "[team]\naws_access_key_id = of-team\naws_secret_access_key = secret\n";
const KEYS = { "aws:accessKey": "AKIA", "aws:secretKey": "secret" };
const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;

async function credentialsOf(config: Record<string, unknown>): Promise<AwsCredentialIdentity> {
  const { credentials } = session({ ...REGION, ...config }).clientConfig("sagemaker");
  return typeof credentials === "function" ? credentials() : (credentials as AwsCredentialIdentity);
}

describe("awsSession", () => {
  const environment = { ...process.env };
  const forget = () => {
    const names = Object.keys(process.env).filter((name) => /^AWS_|_proxy$/i.test(name));
    for (const name of names) delete process.env[name];
  };
  let folder: string;
  beforeEach(() => {
    forget();
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "session-"));
    process.env.AWS_CONFIG_FILE = path.join(folder, "none");
    process.env.AWS_SHARED_CREDENTIALS_FILE = path.join(folder, "none");
  });
  afterEach(() => {
    forget();
    Object.assign(process.env, environment);
    fs.rmSync(folder, { recursive: true });
  });
  const write = (name: string, text: string): string => {
    fs.writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };

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

    it("is the profile's, where neither the stack nor the environment has one", () => {
      const file = write(
        "config",
        "[default]\nregion = us-east-2\n[profile team] ; ours\ns3 =\n  region = none\nregion=ap-south-1 # Mumbai\n[profile other]\nregion = eu-west-3\n",
      );
      process.env.AWS_CONFIG_FILE = file;
      assert.equal(session().region, "us-east-2");
      assert.equal(session({ "aws:profile": "team" }).region, "ap-south-1");
      assert.equal(session({ ...REGION, "aws:profile": "team" }).region, "eu-west-1");
      process.env.AWS_PROFILE = "other";
      assert.equal(session().region, "eu-west-3");
      assert.equal(session({ "aws:profile": "team" }).region, "ap-south-1");
      process.env.AWS_REGION = "us-west-2";
      assert.equal(session({ "aws:profile": "team" }).region, "us-west-2");
    });

    it("is that of the profile in the stack's own files", () => {
      const config = write("mine", "[profile team]\nregion = ca-central-1\n");
      const settings = { "aws:profile": "team", "aws:sharedConfigFiles": [config] };
      assert.equal(session(settings).region, "ca-central-1");
      const credentials = write("keys", "[team]\nregion = us-west-1\n");
      assert.equal(
        session({ "aws:profile": "team", "aws:sharedCredentialsFiles": [credentials] }).region,
        "us-west-1",
      );
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
      process.env.AWS_SHARED_CREDENTIALS_FILE = write("credentials", TEAM);
      assert.equal((await credentialsOf({ "aws:profile": "team" })).accessKeyId, "of-team");
    });

    it("are those of the profile in the stack's own files", async () => {
      const files = { "aws:sharedCredentialsFiles": [write("mine", TEAM)] };
      assert.equal((await credentialsOf({ "aws:profile": "team", ...files })).accessKeyId, "of-team");
      process.env.AWS_PROFILE = "team";
      assert.equal((await credentialsOf(files)).accessKeyId, "of-team");
    });

    it("are those of the stack's profile before the environment's keys, and these before AWS_PROFILE", async () => {
      process.env.AWS_SHARED_CREDENTIALS_FILE = write("credentials", TEAM);
      Object.assign(process.env, { AWS_ACCESS_KEY_ID: "of-env", AWS_SECRET_ACCESS_KEY: "secret" });
      assert.equal((await credentialsOf({ "aws:profile": "team" })).accessKeyId, "of-team");
      process.env.AWS_PROFILE = "team";
      assert.equal((await credentialsOf({})).accessKeyId, "of-env");
    });

    for (const half of [{ "aws:accessKey": "AKIA" }, { "aws:secretKey": "x" }, { "aws:token": "x" }]) {
      it(`are refused in part: ${Object.keys(half)}`, () => {
        assert.throws(
          () => session({ ...REGION, ...half }),
          /aws:accessKey, aws:secretKey and aws:token go together/,
        );
      });
    }
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

    it("are assumed in the region that the stack says for STS", async () => {
      const answered = session({
        ...REGION,
        ...KEYS,
        "aws:endpoints": endpoints,
        "aws:stsRegion": "us-east-2",
      });
      await answered.account();
      assert.equal(sts.identified.at(-1)?.region, "us-east-2");
    });

    it("of a web identity are assumed with its token, read again each time", async () => {
      const file = write("token", "first");
      const block = { roleArn: role("ci"), webIdentityTokenFile: file, duration: "1h" };
      const config = { "aws:endpoints": endpoints, "aws:assumeRoleWithWebIdentity": block };
      assert.equal((await credentialsOf(config)).accessKeyId, "key-of-ci");
      fs.writeFileSync(file, "second\n");
      await credentialsOf({ ...config, "aws:assumeRoles": [{ roleArn: role("spoke") }] });
      assert.deepEqual(
        sts.assumed.map(({ signedBy, params }) => [
          params.Action,
          signedBy,
          params.RoleArn,
          params.WebIdentityToken,
        ]),
        [
          ["AssumeRoleWithWebIdentity", "", role("ci"), "first"],
          ["AssumeRoleWithWebIdentity", "", role("ci"), "second"],
          ["AssumeRole", "key-of-ci", role("spoke"), undefined],
        ],
      );
    });

    it("of a web identity are as the environment says, where the stack leaves it to it", async () => {
      process.env.AWS_ROLE_ARN = role("of-env");
      process.env.AWS_ROLE_SESSION_NAME = "run-7";
      process.env.AWS_WEB_IDENTITY_TOKEN_FILE = write("token", "token");
      const config = { "aws:endpoints": endpoints, "aws:assumeRoleWithWebIdentity": {} };
      assert.equal((await credentialsOf(config)).accessKeyId, "key-of-of-env");
      assert.equal(sts.assumed[0].params.RoleSessionName, "run-7");
    });

    it("of a web identity are refused without a role or a token", () => {
      const config = { ...REGION, "aws:assumeRoleWithWebIdentity": {} };
      assert.throws(() => session(config), /needs webIdentityToken or webIdentityTokenFile; .*needs roleArn/);
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

    it("of several entries are all followed, by every name that the AWS provider has for a service", () => {
      const config = { ...REGION, "aws:endpoints": [{ s3api: "http://a" }, { cloudwatchlog: "http://b" }] };
      assert.equal(session(config).clientConfig("s3").endpoint, "http://a");
      assert.equal(session(config).clientConfig("logs").endpoint, "http://b");
    });

    it("are FIPS or dual-stack ones where the stack says so, but for those that it names", () => {
      const config = {
        ...REGION,
        "aws:useFipsEndpoint": "true",
        "aws:useDualstackEndpoint": "true",
        "aws:endpoints": [{ s3: "http://a" }],
      };
      const { useFipsEndpoint, useDualstackEndpoint } = session(config).clientConfig("sagemaker");
      assert.deepEqual([useFipsEndpoint, useDualstackEndpoint], [true, true]);
      assert.ok(!("useFipsEndpoint" in session(config).clientConfig("s3")));
    });

    it("of S3 have the bucket in the path where the stack says so", () => {
      const config = { ...REGION, "aws:s3UsePathStyle": "true" };
      assert.equal(session(config).clientConfig("s3").forcePathStyle, true);
      assert.ok(!("forcePathStyle" in session(config).clientConfig("sagemaker")));
      assert.ok(!("forcePathStyle" in session(REGION).clientConfig("s3")));
    });

    it("of SSO are refused, with the variable that sets them", () => {
      assert.throws(
        () => session({ ...REGION, "aws:endpoints": [{ sso: "http://a" }] }),
        /AWS_ENDPOINT_URL_SSO/,
      );
    });
  });

  describe("account", () => {
    const sts = new FakeSts();
    let config: Record<string, unknown>;
    before(async () => {
      config = { ...REGION, ...KEYS, "aws:endpoints": [{ sts: await sts.start() }] };
    });
    after(() => sts.stop());
    beforeEach(() => {
      sts.identified.length = 0;
    });

    it("is asked for once, with the session's credentials", async () => {
      const one = session(config);
      assert.deepEqual(await Promise.all([one.account(), one.account()]), ["111122223333", "111122223333"]);
      await one.account();
      assert.deepEqual(sts.identified, [{ signedBy: "AKIA", region: "eu-west-1" }]);
    });

    it("is asked for again after a failure", async () => {
      const one = session(config);
      sts.failures.push(403);
      await failureOf(one.account());
      assert.equal(await one.account(), "111122223333");
    });

    it("is not asked for where the stack forbids to", async () => {
      assert.equal(await session({ ...config, "aws:skipRequestingAccountId": "true" }).account(), undefined);
      assert.deepEqual(sts.identified, []);
    });

    it("is any, unasked, where the stack allows and forbids none", async () => {
      await session(config).verifyAccount();
      assert.deepEqual(sts.identified, []);
    });

    it("may be allowed or not forbidden", async () => {
      await session({ ...config, "aws:allowedAccountIds": ["999999999999", "111122223333"] }).verifyAccount();
      await session({ ...config, "aws:forbiddenAccountIds": ["999999999999"] }).verifyAccount();
      await session({ ...config, "aws:allowedAccountIds": "111122223333" }).verifyAccount();
      assert.equal(sts.identified.length, 3);
    });

    it("is refused when it is not allowed, or forbidden, with its number and what to do", async () => {
      const allowed = session({ ...config, "aws:allowedAccountIds": ["999999999999"] });
      assertSays(
        (await failureOf(allowed.verifyAccount())).message,
        "account 111122223333",
        "aws:allowedAccountIds allows 999999999999 only",
        "credentials of another account",
      );
      const forbidden = session({ ...config, "aws:forbiddenAccountIds": ["111122223333"] });
      assertSays((await failureOf(forbidden.verifyAccount())).message, "aws:forbiddenAccountIds names it");
    });

    for (const key of ["aws:allowedAccountIds", "aws:forbiddenAccountIds"]) {
      it(`cannot be checked and not be asked for: ${key}`, () => {
        const both = { ...config, [key]: ["111122223333"], "aws:skipRequestingAccountId": "true" };
        assert.throws(
          () => session(both),
          new RegExp(`${key} needs .*aws:skipRequestingAccountId.*remove one`),
        );
      });
    }
  });

  describe("the instance's metadata", () => {
    it("is where the stack says, or not asked", () => {
      session({
        ...REGION,
        "aws:skipMetadataApiCheck": "true",
        "aws:ec2MetadataServiceEndpoint": "http://127.0.0.1:1",
        "aws:ec2MetadataServiceEndpointMode": "IPv6",
      });
      assert.equal(process.env.AWS_EC2_METADATA_DISABLED, "true");
      assert.equal(process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT, "http://127.0.0.1:1");
      assert.equal(process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE, "IPv6");
    });
  });

  it("leaves retries to the provider, which can be cancelled", () => {
    assert.equal(session(REGION).clientConfig("sagemaker").maxAttempts, 1);
  });
});
