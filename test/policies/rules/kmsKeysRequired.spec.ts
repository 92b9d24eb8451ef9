import { kmsKeysRequired } from "../../../policies/rules/kmsKeysRequired";
import { tuningType } from "../../../policies/training/adapter";
import { examine } from "../support/examine";
import { assertPasses, assertRefuses, assertUnseen } from "../support/expect";
import { forEvery, kinds, unknown } from "../support/jobs";

const output = "outputDataConfig.kmsKeyId";
const volume = "resourceConfig.volumeKmsKeyId";
const type = "resourceConfig.instanceType";
const key = "arn:aws:kms:us-east-1:123456789012:key/abc";

describe("kms-keys-required", () => {
  forEvery(kinds, (kind) => {
    const { job } = kind;

    it("passes a job with a key for its artifacts, on an instance whose disks encrypt by themselves", () => {
      assertPasses(examine(kmsKeysRequired, job()));
    });

    it("refuses artifacts without a key", () => {
      assertRefuses(
        examine(kmsKeysRequired, job({ [output]: undefined })),
        "encrypts its artifacts without a KMS key",
        "the allowed keys are all KMS keys",
        `Set ${output}`,
      );
    });

    it("asks for a volume key where the instance type can have one", () => {
      assertRefuses(
        examine(kmsKeysRequired, job({ [type]: "ml.m5.xlarge" })),
        "encrypts its volumes without a KMS key",
        `Set ${volume}`,
      );
      assertPasses(examine(kmsKeysRequired, job({ [type]: "ml.m5.xlarge", [volume]: key })));
    });

    it("refuses a volume key where the instance type cannot have one", () => {
      for (const local of ["ml.g5.xlarge", "ml.p4d.24xlarge", "ml.p6-b200.48xlarge", "ml.m5d.large"]) {
        assertRefuses(
          examine(kmsKeysRequired, job({ [type]: local, [volume]: key })),
          `sets a KMS key for the volumes of ${local}`,
          "SageMaker refuses one",
          `Remove ${volume}`,
        );
      }
    });

    it("asks for no volume key where there are no machines, and only there", () => {
      const serverless = { serverlessJobConfig: { jobType: "FineTuning" } };
      assertPasses(examine(kmsKeysRequired, job({ ...serverless, resourceConfig: undefined })));
      assertRefuses(examine(kmsKeysRequired, job({ ...serverless, [type]: "ml.m5.xlarge" })), "its volumes");
    });

    it("takes no key but the allowed ones", () => {
      assertPasses(
        examine(kmsKeysRequired, job({ [output]: key }), { allowedKeys: ["*:123456789012:key/*"] }),
      );
      assertRefuses(
        examine(kmsKeysRequired, job({ [output]: key }), { allowedKeys: ["*:key/xyz"] }),
        `with the key ${key}`,
        "the allowed keys are *:key/xyz",
      );
    });

    it("says that it could not look at a value which is not known yet", () => {
      assertUnseen(examine(kmsKeysRequired, job({ [output]: unknown.text })), output);
      assertUnseen(examine(kmsKeysRequired, job({ [type]: unknown.text })), type);
    });

    if (kind.type === tuningType) {
      it("finds the volume key in the tuning job's own resources", () => {
        const resources = { instanceType: "ml.m5.xlarge", volumeKmsKeyId: key };
        const tuning = { resourceConfig: undefined, hyperParameterTuningResourceConfig: resources };
        assertPasses(examine(kmsKeysRequired, job(tuning)));
        const keyless = {
          ...tuning,
          hyperParameterTuningResourceConfig: { ...resources, volumeKmsKeyId: undefined },
        };
        assertRefuses(
          examine(kmsKeysRequired, job(keyless)),
          "Set hyperParameterTuningResourceConfig.volumeKmsKeyId",
        );
      });
    }
  });
});
