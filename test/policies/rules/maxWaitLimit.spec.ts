import { maxWaitLimit } from "../../../policies/rules/maxWaitLimit";
import { examine } from "../support/examine";
import { assertPasses, assertRefuses, assertUnseen } from "../support/expect";
import { forEvery, kinds, unknown } from "../support/jobs";

const wait = "stoppingCondition.maxWaitTimeInSeconds";
const run = "stoppingCondition.maxRuntimeInSeconds";

describe("max-wait-limit", () => {
  forEvery(kinds, ({ job }) => {
    it("passes a wait at the limit", () => {
      assertPasses(examine(maxWaitLimit, job({ [wait]: 172_800 })));
    });

    it("refuses a wait one second above it", () => {
      assertRefuses(
        examine(maxWaitLimit, job({ [wait]: 172_801 })),
        "may wait and run for 2d1s (172801 s)",
        "the limit is 2d (172800 s)",
        `Set ${wait} to 172800 or less`,
      );
    });

    it("holds to the configured limit", () => {
      assertPasses(examine(maxWaitLimit, job({ [wait]: 7200 }), { maxWaitSeconds: 7200 }));
      assertRefuses(
        examine(maxWaitLimit, job({ [wait]: 7200 }), { maxWaitSeconds: 7199 }),
        "1h59m59s (7199 s)",
      );
    });

    it("refuses a wait that is shorter than the run", () => {
      assertPasses(examine(maxWaitLimit, job({ [wait]: 3600, [run]: 3600 })));
      assertRefuses(
        examine(maxWaitLimit, job({ [wait]: 3599, [run]: 3600 })),
        "may wait and run for 59m59s (3599 s) but run for 1h (3600 s)",
        `Set ${wait} to 3600 or more`,
      );
    });

    it("measures the wait against SageMaker's own limit for a job that sets no run time", () => {
      assertRefuses(examine(maxWaitLimit, job({ [run]: undefined })), "but run for 1d (86400 s)");
    });

    it("refuses a spot job that sets no wait", () => {
      assertRefuses(
        examine(maxWaitLimit, job({ [wait]: undefined })),
        "without a limit of its own",
        `Set ${wait}`,
      );
    });

    it("asks nothing of an on-demand job", () => {
      assertPasses(examine(maxWaitLimit, job({ enableManagedSpotTraining: false, [wait]: undefined })));
    });

    it("says that it could not look at a value which is not known yet", () => {
      assertUnseen(examine(maxWaitLimit, job({ [wait]: unknown.number })), wait);
      assertUnseen(examine(maxWaitLimit, job({ [run]: unknown.number })), run);
    });
  });
});
