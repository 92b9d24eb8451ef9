import { strict as assert } from "node:assert";
import { maxRunLimit } from "../../../policies/rules/maxRunLimit";
import { examine, remediate } from "../support/examine";
import { assertPasses, assertRefuses, assertUnseen } from "../support/expect";
import { forEvery, jobKinds, kinds, unknown } from "../support/jobs";

const maxRun = "stoppingCondition.maxRuntimeInSeconds";

describe("max-run-limit", () => {
  forEvery(kinds, ({ job }) => {
    it("passes a job at the limit", () => {
      assertPasses(examine(maxRunLimit, job({ [maxRun]: 86_400 })));
    });

    it("refuses a job one second above it, with the value, the limit and the fix", () => {
      assertRefuses(
        examine(maxRunLimit, job({ [maxRun]: 86_401 })),
        "may run for 1d1s (86401 s)",
        "the limit is 1d (86400 s)",
        `Set ${maxRun} to 86400 or less`,
      );
    });

    it("holds to the configured limit", () => {
      assertPasses(examine(maxRunLimit, job({ [maxRun]: 600 }), { maxRunSeconds: 600 }));
      assertRefuses(examine(maxRunLimit, job({ [maxRun]: 600 }), { maxRunSeconds: 599 }), "9m59s (599 s)");
    });

    it("takes SageMaker's own limit of a day for a job that sets none", () => {
      assertPasses(examine(maxRunLimit, job({ [maxRun]: undefined })));
      assertRefuses(
        examine(maxRunLimit, job({ stoppingCondition: undefined }), { maxRunSeconds: 3600 }),
        "SageMaker's own limit as the job sets none",
      );
    });

    it("says that it could not look at a value which is not known yet", () => {
      assertUnseen(examine(maxRunLimit, job({ [maxRun]: unknown.number })), maxRun);
      assertUnseen(examine(maxRunLimit, job({ stoppingCondition: unknown.object })), "stoppingCondition");
    });
  });

  forEvery(jobKinds, ({ job }) => {
    it("caps what is too long, and leaves the rest", () => {
      const capped = remediate(maxRunLimit, job({ [maxRun]: 90_000 }));
      assert.deepEqual(capped?.stoppingCondition, {
        maxRuntimeInSeconds: 86_400,
        maxWaitTimeInSeconds: 7200,
      });
      assert.equal(remediate(maxRunLimit, job()), undefined);
    });

    it("tells what the job costs at most with the cap, as the job itself has told the cost without it", () => {
      const told: string[] = [];
      remediate(maxRunLimit, job({ [maxRun]: 108_000 }), {}, { told });
      remediate(maxRunLimit, job({ [maxRun]: 108_000, region: "sa-east-1" }), {}, { told });
      remediate(maxRunLimit, job(), {}, { told });
      assert.deepEqual(told, [
        'max-run-limit: training job "mednist" may run for 1d (86400 s) in place of 1d6h (108000 s) and so costs at most 33.79 USD.',
        'max-run-limit: training job "mednist" may run for 1d (86400 s) in place of 1d6h (108000 s).',
      ]);
    });
  });
});
