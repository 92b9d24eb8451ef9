import assert from "node:assert/strict";
import { dashboard } from "../../../../local/provider/resources/cloudwatch/dashboard.ts";
import { logGroup } from "../../../../local/provider/resources/cloudwatch/logGroup.ts";
import { awsError, fakeAws, inputsOf } from "../support/fakeAws.ts";

describe("aws.cloudwatch.LogGroup", () => {
  it("finds the group among those that begin like it, page by page", async () => {
    const pages = [
      { logGroups: [{ logGroupName: "/a/b" }], nextToken: "t" },
      { logGroups: [{ logGroupName: "/a", arn: "arn:x:log-group:/a:*", retentionInDays: 7 }] },
    ];
    const aws = fakeAws({
      "logs.describeLogGroups": ({ nextToken }: { nextToken?: string }) => pages[nextToken ? 1 : 0],
      "logs.listTagsForResource": { tags: { a: "1" } },
    });
    assert.deepEqual(await logGroup.read(aws, "/a", {}), {
      name: "/a",
      arn: "arn:x:log-group:/a",
      kmsKeyId: undefined,
      logGroupClass: "STANDARD",
      retentionInDays: 7,
      tags: { a: "1" },
    });
  });

  it("is gone when only others begin like it", async () => {
    const aws = fakeAws({ "logs.describeLogGroups": { logGroups: [{ logGroupName: "/a/b" }] } });
    assert.equal(await logGroup.read(aws, "/a", {}), undefined);
  });

  it("keeps events for ever by having no retention", async () => {
    const aws = fakeAws();
    await logGroup.configure?.(aws, "g", { retentionInDays: 0 });
    assert.deepEqual(aws.calls, []);
    const changed = (...names: string[]) => names.includes("retentionInDays");
    await logGroup.update?.(aws, "g", {
      olds: { retentionInDays: 7 },
      news: { retentionInDays: 0 },
      changed,
    });
    assert.deepEqual(inputsOf(aws, "logs.deleteRetentionPolicy"), [{ logGroupName: "g" }]);
  });

  it("stays when it is not to be destroyed", async () => {
    const aws = fakeAws();
    await logGroup.delete(aws, "g", { skipDestroy: true });
    assert.deepEqual(aws.calls, []);
    await logGroup.delete(fakeAws({ "logs.deleteLogGroup": awsError("ResourceNotFoundException") }), "g", {});
  });
});

describe("aws.cloudwatch.Dashboard", () => {
  it("refuses a body that CloudWatch accepts with complaints", async () => {
    const DashboardValidationMessages = [{ DataPath: "/widgets/0", Message: "Unknown type" }];
    const aws = fakeAws({ "cloudwatch.putDashboard": { DashboardValidationMessages } });
    const creation = dashboard.create(aws, { dashboardName: "d", dashboardBody: "{}" });
    await assert.rejects(creation, /mistakes: \/widgets\/0: Unknown type/);
  });

  it("is gone when CloudWatch does not find it", async () => {
    const aws = fakeAws({ "cloudwatch.getDashboard": awsError("ResourceNotFound") });
    assert.equal(await dashboard.read(aws, "d", {}), undefined);
  });
});
