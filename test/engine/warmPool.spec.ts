import { strict as assert } from "node:assert";
import { setTimeout as delay } from "node:timers/promises";
import { DescribeTrainingJobCommand } from "@aws-sdk/client-sagemaker";
import type { Cost } from "../../components/trainingJob/cost/cost";
import { TestStack } from "./support/stack";

const KEPT = { "training:spot": false, "training:keepAlive": "10m", "training:deletePolicy": "retain" };

describe("a warm pool", function () {
  this.timeout(240_000);
  let stack: TestStack;
  afterEach(() => stack.dispose());

  const costNow = async () => (await stack.outputs()).cost as Cost;
  /** Each job of the stack with its pool, oldest first. */
  const pools = async () => {
    const jobs = await stack.jobs();
    return Promise.all(
      jobs.map(async ({ TrainingJobName }) => {
        const job = await stack.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName }));
        return {
          name: TrainingJobName,
          status: job.WarmPoolStatus?.Status,
          keepAlive: job.ResourceConfig?.KeepAlivePeriodInSeconds,
          reusedBy: job.WarmPoolStatus?.ReusedByJob,
        };
      }),
    );
  };

  it("waits after the job, is changed in place, is counted in the cost, and ends with destroy", async () => {
    stack = await TestStack.create("warm", { config: KEPT });
    const up = await stack.up();
    assert.equal(up.code, 0, up.output);
    const [{ name, ...kept }] = await pools();
    assert.deepEqual(kept, { status: "Available", keepAlive: 600, reusedBy: undefined });
    const atTheEnd = await costNow();

    const longer = await stack.up("-c", "training:keepAlive=20m");
    assert.equal(longer.code, 0, longer.output);
    assert.doesNotMatch(longer.output, /Trains again/);
    assert.match(longer.output, /1 updated/);
    assert.deepEqual(await pools(), [{ name, status: "Available", keepAlive: 1200, reusedBy: undefined }]);
    assert.ok(Number((await costNow()).worstCase) > Number(atTheEnd.worstCase));

    await delay(2_000);
    const refreshed = await stack.up("--refresh");
    assert.equal(refreshed.code, 0, refreshed.output);
    const later = await costNow();
    assert.ok(Number(later.warmPoolSeconds) >= 2, JSON.stringify(later));
    const perSecond = Number(later.pricePerHour) / 3600;
    const billed = Number((await stack.outputs()).billableSeconds) + Number(later.warmPoolSeconds);
    assert.equal(later.actual, Number((billed * perSecond).toFixed(4)));

    await stack.ok(["destroy", "--yes"]);
    assert.deepEqual(
      (await pools()).map((pool) => pool.status),
      ["Terminated"],
    );
  });

  it("is taken by the next job, and what replaces a job ends no pool that is in use", async () => {
    stack = await TestStack.create("reused", { config: KEPT });
    const first = await stack.up();
    assert.equal(first.code, 0, first.output);
    const second = await stack.up("-c", "training:runId=second");
    assert.equal(second.code, 0, second.output);

    const [before, after] = await pools();
    assert.deepEqual([before.status, before.reusedBy], ["Reused", after.name]);
    assert.equal(after.status, "Available");
    await stack.ok(["destroy", "--yes"]);
    assert.equal((await pools())[1].status, "Terminated");
  });
});
