import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { awsProviderSettings } from "../../components/awsProvider";
import { REFUSED } from "../../components/trainingJob/aws/awsConfig";
import { runProgram, settled } from "./support/program";

type Settings = ReturnType<typeof awsProviderSettings>;

/** The settings' values, without those that are undefined, and the names of those that are secret. */
async function valuesOf(make: () => Settings) {
  const { result } = await runProgram(make);
  if (!result) return undefined;
  const values: Record<string, unknown> = {};
  const secrets: string[] = [];
  for (const [key, input] of Object.entries(result)) {
    const value = await settled(pulumi.output(input));
    if (value !== undefined) values[key] = value;
    if (await pulumi.isSecret(pulumi.output(input))) secrets.push(key);
  }
  return { values, secrets };
}

const eu = (args: aws.ProviderArgs = {}) => new aws.Provider("eu", { region: "eu-west-1", ...args });

describe("awsProviderSettings", () => {
  it("are none where the stack's own provider is used", async () => {
    assert.equal(await valuesOf(() => awsProviderSettings("job", {})), undefined);
    const parent = () => new pulumi.ComponentResource("training:index:Experiment", "parent");
    assert.equal(await valuesOf(() => awsProviderSettings("job", { parent: parent() })), undefined);
  });

  const ways: Record<string, () => Settings> = {
    provider: () => awsProviderSettings("job", { provider: eu() }),
    "a list of providers": () => awsProviderSettings("job", { providers: [eu()] }),
    "a map of providers": () => awsProviderSettings("job", { providers: { aws: eu() } }),
    "its parent": () => {
      const parent = new pulumi.ComponentResource("a:b:C", "parent", {}, { provider: eu() });
      return awsProviderSettings("job", { parent });
    },
    "its parent's parent": () => {
      const top = new pulumi.ComponentResource("a:b:C", "top", {}, { providers: { aws: eu() } });
      return awsProviderSettings("job", {
        parent: new pulumi.ComponentResource("a:b:C", "p", {}, { parent: top }),
      });
    },
    "itself before its parent": () => {
      const us = new aws.Provider("us", { region: "us-east-2" });
      const parent = new pulumi.ComponentResource("a:b:C", "parent", {}, { provider: us });
      return awsProviderSettings("job", { parent, provider: eu() });
    },
  };
  for (const [way, make] of Object.entries(ways)) {
    it(`are those of the provider that the resource has by ${way}`, async () => {
      assert.deepEqual((await valuesOf(make))?.values, { region: "eu-west-1" });
    });
  }

  it("are all that the provider says of who calls AWS, and where, structured ones as JSON", async () => {
    const made = await valuesOf(() =>
      awsProviderSettings("job", {
        provider: eu({
          profile: "team",
          assumeRoles: [{ roleArn: "arn:aws:iam::111122223333:role/trainer" }],
          endpoints: [{ sagemaker: "http://a" }],
          allowedAccountIds: ["111122223333"],
          defaultTags: { tags: { team: "imaging" } },
          useFipsEndpoint: true,
          maxRetries: 3,
        }),
      }),
    );
    assert.deepEqual(made, {
      values: {
        region: "eu-west-1",
        profile: "team",
        assumeRoles: '[{"roleArn":"arn:aws:iam::111122223333:role/trainer"}]',
        endpoints: '[{"sagemaker":"http://a"}]',
        allowedAccountIds: '["111122223333"]',
        defaultTags: '{"tags":{"team":"imaging"}}',
        useFipsEndpoint: "true",
      },
      secrets: [],
    });
  });

  it("name its keys and its token, and do not pass them on", async () => {
    const made = await valuesOf(() =>
      awsProviderSettings("job", {
        provider: eu({
          accessKey: "AKIA",
          secretKey: "hunter2",
          assumeRoleWithWebIdentity: {
            roleArn: "arn:aws:iam::111122223333:role/ci",
            webIdentityToken: "hunter3",
          },
        }),
      }),
    );
    assert.deepEqual(made, {
      values: {
        region: "eu-west-1",
        assumeRoleWithWebIdentity: '{"roleArn":"arn:aws:iam::111122223333:role/ci"}',
        [REFUSED]: "accessKey, secretKey, assumeRoleWithWebIdentity.webIdentityToken",
      },
      secrets: [],
    });
  });

  it("keep a proxy's password, and what the program calls a secret, secret", async () => {
    const provider = () =>
      eu({
        httpsProxy: "http://ada:secret@proxy",
        httpProxy: "http://proxy",
        profile: pulumi.secret("team"),
      });
    const made = await valuesOf(() => awsProviderSettings("job", { provider: provider() }));
    assert.deepEqual(made?.secrets.sort(), ["httpsProxy", "profile"]);
    assert.equal(made?.values.httpsProxy, "http://ada:secret@proxy");
  });

  it("of another package's provider are refused, and of one among several passed over", async () => {
    class Other extends pulumi.ProviderResource {
      constructor(name: string) {
        super("kubernetes", name, {});
      }
    }
    const alone = runProgram(() => awsProviderSettings("job", { provider: new Other("k8s") }));
    await assert.rejects(alone, /job: .*package aws, not of kubernetes.*aws\.Provider/);
    const among = await valuesOf(() => awsProviderSettings("job", { providers: [new Other("k8s"), eu()] }));
    assert.deepEqual(among?.values, { region: "eu-west-1" });
  });
});
