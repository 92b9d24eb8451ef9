import assert from "node:assert/strict";
import { connect, partitionOf } from "../../../local/provider/aws.ts";

describe("connect", () => {
  it("goes nowhere without AWS_ENDPOINT_URL, so that it never meets a real account by accident", async () => {
    const aws = connect({ defaultTags: {}, endpoints: {} }, "us-east-1", {});
    await assert.rejects(async () => aws.s3(), /AWS_ENDPOINT_URL is not set.*npm run -s local:env/);
  });

  it("makes each client once, for its region and endpoint, with the configured keys", async () => {
    const credentials = { accessKeyId: "a", secretAccessKey: "s" };
    const env = { AWS_ENDPOINT_URL: "http://127.0.0.1:1" };
    const aws = connect({ defaultTags: {}, endpoints: {}, credentials }, "eu-west-1", env);
    const sts = await aws.sts();
    assert.equal(await aws.sts(), sts);
    assert.equal(await sts.config.region(), "eu-west-1");
    const { accessKeyId } = await sts.config.credentials();
    assert.equal(accessKeyId, "a");
  });

  it("goes to a service's own endpoint where the configuration names one", async () => {
    const config = { defaultTags: {}, endpoints: { sts: "http://127.0.0.1:2" } };
    const aws = connect(config, "us-east-1", { AWS_ENDPOINT_URL: "http://127.0.0.1:1" });
    const portOf = async (client: { config: { endpoint?: () => Promise<{ port?: number }> } }) =>
      (await client.config.endpoint?.())?.port;
    assert.deepEqual([await portOf(await aws.sts()), await portOf(await aws.iam())], [2, 1]);
  });

  it("knows the partitions", async () => {
    assert.equal((await partitionOf("us-east-1")).name, "aws");
    assert.equal((await partitionOf("cn-north-1")).dnsSuffix, "amazonaws.com.cn");
    assert.equal((await partitionOf("us-gov-west-1")).name, "aws-us-gov");
  });
});
