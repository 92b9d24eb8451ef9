import assert from "node:assert/strict";
import type { JobRecord } from "../../../../local/aws/sagemaker/record.ts";
import { matches, takeWarmPool, warmPoolStatus } from "../../../../local/aws/sagemaker/warmPool.ts";
import { record, validRequest } from "./support.ts";

const pooled = (name: string, overrides: Partial<JobRecord> = {}) =>
  record(name, { warmPool: { keepAliveSeconds: 60 }, ...overrides });
const available = (name: string) =>
  pooled(name, { status: "Completed", warmPool: { keepAliveSeconds: 60, availableSince: 10_000 } });

describe("warm pools", () => {
  it("are absent without a keep-alive period", () => {
    assert.equal(warmPoolStatus(record("job"), 0), undefined);
  });

  it("are in use while the job runs, then available, then terminated; idle seconds are billed", () => {
    assert.deepEqual(warmPoolStatus(pooled("job"), 5000), { Status: "InUse" });
    assert.deepEqual(warmPoolStatus(available("job"), 40_000), {
      Status: "Available",
      ResourceRetainedBillableTimeInSeconds: 30,
    });
    assert.deepEqual(warmPoolStatus(available("job"), 500_000), {
      Status: "Terminated",
      ResourceRetainedBillableTimeInSeconds: 60,
    });
  });

  it("never come up for a job that got no instances", () => {
    assert.equal(warmPoolStatus(pooled("job", { status: "Failed" }), 0)?.Status, "Terminated");
  });

  it("go to the next job that fits, once", () => {
    const first = available("first");
    const second = pooled("second");
    assert.equal(takeWarmPool(second, [first, second], 30_000), first);
    assert.deepEqual(warmPoolStatus(first, 90_000), {
      Status: "Reused",
      ResourceRetainedBillableTimeInSeconds: 20,
      ReusedByJob: "second",
    });
    assert.equal(takeWarmPool(pooled("third"), [first, second], 31_000), undefined);
  });

  it("do not go to a job that asks for no pool, comes too late, or differs", () => {
    assert.equal(takeWarmPool(record("plain"), [available("first")], 30_000), undefined);
    assert.equal(takeWarmPool(pooled("late"), [available("first")], 80_000), undefined);
    const other = pooled("other");
    other.request = validRequest({ RoleArn: "arn:aws:iam::000000000000:role/other" });
    assert.equal(takeWarmPool(other, [available("first")], 30_000), undefined);
  });

  it("match on resources but not on the period itself", () => {
    const a = available("a");
    const b = pooled("b");
    b.request = validRequest({
      ResourceConfig: { ...validRequest().ResourceConfig, KeepAlivePeriodInSeconds: 9 } as never,
    });
    assert.ok(matches(a, b));
    b.request = validRequest({
      ResourceConfig: { ...validRequest().ResourceConfig, InstanceCount: 2 } as never,
    });
    assert.ok(!matches(a, b));
  });
});
