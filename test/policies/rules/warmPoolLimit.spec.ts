import { warmPoolLimit } from "../../../policies/rules/warmPoolLimit";
import { examine } from "../support/examine";
import { assertPasses, assertRefuses, assertUnseen } from "../support/expect";
import { forEvery, kinds, unknown } from "../support/jobs";

const keepAlive = "resourceConfig.keepAlivePeriodInSeconds";
const onDemand = { enableManagedSpotTraining: false };

describe("warm-pool-limit", () => {
  forEvery(kinds, ({ job }) => {
    it("passes a job without a warm pool, and one at the limit", () => {
      assertPasses(examine(warmPoolLimit, job()));
      assertPasses(examine(warmPoolLimit, job({ ...onDemand, [keepAlive]: 1800 })));
    });

    it("refuses a longer one", () => {
      assertRefuses(
        examine(warmPoolLimit, job({ ...onDemand, [keepAlive]: 1801 })),
        "keeps its instances warm for 30m1s (1801 s)",
        "the limit is 30m (1800 s)",
        `Set ${keepAlive} to 1800 or less`,
      );
    });

    it("holds to the configured limit, and to none at all", () => {
      const warm = job({ ...onDemand, [keepAlive]: 60 });
      assertPasses(examine(warmPoolLimit, warm, { maxKeepAliveSeconds: 60 }));
      assertRefuses(examine(warmPoolLimit, warm, { maxKeepAliveSeconds: 59 }), "the limit is 59s (59 s)");
      assertRefuses(examine(warmPoolLimit, warm, { maxKeepAliveSeconds: 0 }), "the limit is 0s (0 s)");
    });

    it("refuses a warm pool with spot", () => {
      assertRefuses(
        examine(warmPoolLimit, job({ [keepAlive]: 60 })),
        "on managed spot",
        "SageMaker refuses a warm pool with spot",
        `Remove ${keepAlive}`,
      );
      assertPasses(examine(warmPoolLimit, job({ [keepAlive]: 0 })));
    });

    it("says that it could not look at a value which is not known yet", () => {
      assertUnseen(examine(warmPoolLimit, job({ [keepAlive]: unknown.number })), keepAlive);
    });
  });
});
