import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ListTrainingJobsCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { isTransient } from "../../../../components/trainingJob/aws/retries";
import { withoutAwsEnvironment } from "../../support/awsEnvironment";
import { KEYS, REGION, session } from "../../support/configuredSession";
import { failureOf } from "../../support/failure";

describe("awsSession", () => {
  const write = withoutAwsEnvironment();

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
