import { managedSpotRequired } from "../../../policies/rules/managedSpotRequired";
import { dynamicType, nativeType, tuningType } from "../../../policies/training/adapter";
import { examine } from "../support/examine";
import { assertPasses, assertRefuses, assertUnseen } from "../support/expect";
import { forEvery, kinds, unknown } from "../support/jobs";

const onDemand = { enableManagedSpotTraining: false };

describe("managed-spot-required", () => {
  forEvery(kinds, ({ job, type }) => {
    it("passes a spot job", () => {
      assertPasses(examine(managedSpotRequired, job()));
    });

    it("refuses a job with spot off, and one that does not mention it, in the same words", () => {
      for (const value of [false, undefined]) {
        assertRefuses(
          examine(managedSpotRequired, job({ enableManagedSpotTraining: value })),
          "runs on demand (enableManagedSpotTraining is not true)",
          "managed spot is required",
          "Set enableManagedSpotTraining to true",
        );
      }
    });

    it("lets a listed name run on demand, and no other", () => {
      assertPasses(examine(managedSpotRequired, job(onDemand), { onDemandNames: ["med*"] }));
      assertRefuses(examine(managedSpotRequired, job(onDemand), { onDemandNames: ["nist", "mednist-*"] }));
    });

    it("knows an experiment by the name that it gives its jobs", () => {
      const property =
        { [dynamicType]: "baseJobName", [nativeType]: "trainingJobName", [tuningType]: "name" }[type] ?? "";
      const named = job(onDemand);
      const experiment = { ...named, props: { ...named.props, [property]: "lung-ct" } };
      assertPasses(examine(managedSpotRequired, experiment, { onDemandNames: ["lung-*"] }));
      assertPasses(examine(managedSpotRequired, experiment, { onDemandNames: ["mednist"] }));
      assertRefuses(examine(managedSpotRequired, experiment, { onDemandNames: ["brain-*"] }));
    });

    it("lets a listed tag run on demand, and no other", () => {
      assertPasses(examine(managedSpotRequired, job(onDemand), { onDemandTags: ["owner=imag*"] }));
      assertRefuses(
        examine(managedSpotRequired, job(onDemand), { onDemandTags: ["owner=other", "team=imag*"] }),
      );
    });

    it("refuses the fallback to on-demand unless the pack opts in", () => {
      const job_ = job({ spot: { fallback: "on-demand" } });
      assertRefuses(
        examine(managedSpotRequired, job_),
        'spot.fallback is "on-demand"',
        'Set spot.fallback to "none"',
      );
      assertPasses(examine(managedSpotRequired, job_, { allowOnDemandFallback: true }));
      assertPasses(examine(managedSpotRequired, job({ spot: { fallback: "none" } })));
    });

    it("says that it could not look at a value which is not known yet", () => {
      const path = "enableManagedSpotTraining";
      assertUnseen(examine(managedSpotRequired, job({ [path]: unknown.flag })), path);
      if (type === dynamicType) {
        assertUnseen(examine(managedSpotRequired, job({ "spot.fallback": unknown.text })), "spot.fallback");
      }
    });
  });
});
