import { strict as assert } from "node:assert";
import { checkpointWithSpot } from "../../../policies/rules/checkpointWithSpot";
import { dynamicType, tuningType } from "../../../policies/training/adapter";
import { examine, remediate } from "../support/examine";
import { assertPasses, assertRefuses, assertUnseen } from "../support/expect";
import { forEvery, jobKinds, kinds, unknown } from "../support/jobs";

const none = { checkpointConfig: undefined };

describe("checkpoint-with-spot", () => {
  forEvery(kinds, ({ job }) => {
    it("passes a spot job with checkpoints", () => {
      assertPasses(examine(checkpointWithSpot, job()));
    });

    it("refuses a spot job without them, and one with an empty place for them", () => {
      for (const changes of [none, { "checkpointConfig.s3Uri": "" }]) {
        assertRefuses(
          examine(checkpointWithSpot, job(changes)),
          "without checkpoints",
          "would begin again from nothing",
          "Set checkpointConfig.s3Uri",
        );
      }
    });

    it("asks nothing of an on-demand job", () => {
      assertPasses(examine(checkpointWithSpot, job({ ...none, enableManagedSpotTraining: false })));
    });

    it("says that it could not look at a value which is not known yet", () => {
      const path = "checkpointConfig.s3Uri";
      assertUnseen(examine(checkpointWithSpot, job({ [path]: unknown.text })), path);
    });
  });

  forEvery(jobKinds, ({ job, type }) => {
    it("turns checkpoints on, at a prefix of the job's own", () => {
      const fixed = remediate(checkpointWithSpot, job(none));
      const own = type === dynamicType ? "{job}" : "mednist";
      assert.deepEqual(fixed?.checkpointConfig, { s3Uri: `s3://artifacts/mednist/checkpoints/${own}` });
    });

    it("puts them at a place that is not known yet where the output path is not, and the rule then looks again", () => {
      const output = "outputDataConfig.s3OutputPath";
      const waiting = { ...none, [output]: unknown.text };
      const fixed = remediate(checkpointWithSpot, job(waiting));
      assert.deepEqual(fixed?.checkpointConfig, { s3Uri: unknown.text });
      assertUnseen(
        examine(checkpointWithSpot, { ...job(), props: fixed as Record<string, unknown> }),
        "checkpointConfig.s3Uri",
      );
      if (type !== dynamicType) {
        const named = remediate(checkpointWithSpot, job({ ...none, trainingJobName: unknown.text }));
        assert.deepEqual(named?.checkpointConfig, { s3Uri: unknown.text });
      }
    });

    it("leaves a job alone that has them, or needs none, or has no place for them", () => {
      assert.equal(remediate(checkpointWithSpot, job()), undefined);
      assert.equal(
        remediate(checkpointWithSpot, job({ ...none, enableManagedSpotTraining: false })),
        undefined,
      );
      assert.equal(remediate(checkpointWithSpot, job({ ...none, outputDataConfig: undefined })), undefined);
    });
  });

  forEvery(
    kinds.filter(({ type }) => type === tuningType),
    ({ job }) => {
      it("does not guess a prefix for jobs that share one definition", () => {
        assert.equal(remediate(checkpointWithSpot, job(none)), undefined);
      });
    },
  );
});
