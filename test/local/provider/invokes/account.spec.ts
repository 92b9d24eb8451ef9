import assert from "node:assert/strict";
import { getCallerIdentity, getPartition, getRegion } from "../../../../local/provider/invokes/account.ts";
import { fakeAws } from "../support/fakeAws.ts";

describe("functions about the account", () => {
  it("tell who calls", async () => {
    const aws = fakeAws({ "sts.getCallerIdentity": { Account: "1", Arn: "arn:me", UserId: "u" } });
    assert.deepEqual(await getCallerIdentity.invoke(aws, {}), {
      accountId: "1",
      arn: "arn:me",
      id: "1",
      userId: "u",
    });
  });

  it("tell the region", async () => {
    assert.deepEqual(await getRegion.invoke(fakeAws({}, "eu-west-1"), {}), {
      region: "eu-west-1",
      name: "eu-west-1",
      id: "eu-west-1",
      endpoint: "ec2.eu-west-1.amazonaws.com",
      description: "Europe (Ireland)",
    });
    assert.equal(
      (await getRegion.invoke(fakeAws(), { region: "cn-north-1" })).endpoint,
      "ec2.cn-north-1.amazonaws.com.cn",
    );
  });

  it("tell the partition", async () => {
    assert.deepEqual(await getPartition.invoke(fakeAws({}, "cn-north-1"), {}), {
      partition: "aws-cn",
      id: "aws-cn",
      dnsSuffix: "amazonaws.com.cn",
      reverseDnsPrefix: "cn.com.amazonaws",
    });
  });
});
