import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import type { AwsCredentialIdentity } from "@smithy/types";
import { withoutAwsEnvironment } from "../../support/awsEnvironment";
import { KEYS, REGION, session } from "../../support/configuredSession";
import { FakeSts } from "../../support/fakeSts";

const TEAM = "[team]\naws_access_key_id = of-team\naws_secret_access_key = secret\n";
const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;

async function credentialsOf(config: Record<string, unknown>): Promise<AwsCredentialIdentity> {
  const { credentials } = session({ ...REGION, ...config }).clientConfig("sagemaker");
  return typeof credentials === "function" ? credentials() : (credentials as AwsCredentialIdentity);
}

describe("the credentials of a session", () => {
  const write = withoutAwsEnvironment();

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

    it("come as a provider, not as values, so that a job may outlive them", async () => {
      const config = { ...REGION, ...KEYS, "aws:endpoints": endpoints };
      const trainer = { roleArn: role("trainer") };
      const { credentials } = session({ ...config, "aws:assumeRole": trainer }).clientConfig("sagemaker");
      assert.ok(typeof credentials === "function");
      await credentials();
      await credentials();
      assert.equal(sts.assumed.length, 2); // asked again, the role is assumed again
    });

    it("are assumed in the region that the stack says for STS", async () => {
      const config = { ...KEYS, "aws:endpoints": endpoints, "aws:stsRegion": "us-east-2" };
      await session({ ...REGION, ...config }).account();
      assert.equal(sts.identified.at(-1)?.region, "us-east-2");
      await credentialsOf({ ...config, "aws:assumeRole": { roleArn: role("trainer") } });
      assert.equal(sts.assumed.at(-1)?.region, "us-east-2");
    });

    it("of a web identity are assumed with its token, read again each time", async () => {
      const file = write("token", "first");
      const block = { roleArn: role("ci"), webIdentityTokenFile: file, duration: "1h" };
      const config = { "aws:endpoints": endpoints, "aws:assumeRoleWithWebIdentity": block };
      assert.equal((await credentialsOf(config)).accessKeyId, "key-of-ci");
      writeFileSync(file, "second\n");
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
});
