import { interContainerEncryption } from "../../../policies/rules/interContainerEncryption";
import { examine } from "../support/examine";
import { assertPasses, assertRefuses, assertUnseen } from "../support/expect";
import { forEvery, kinds, unknown } from "../support/jobs";

const two = { "resourceConfig.instanceCount": 2 };
const encrypted = "enableInterContainerTrafficEncryption";

describe("inter-container-encryption", () => {
  forEvery(kinds, ({ job }) => {
    it("asks nothing of a job on one instance", () => {
      assertPasses(examine(interContainerEncryption, job()));
    });

    it("passes two instances with encryption, and refuses them without", () => {
      assertPasses(examine(interContainerEncryption, job({ ...two, [encrypted]: true })));
      assertRefuses(
        examine(interContainerEncryption, job(two)),
        "sends data between 2 instances in the clear",
        "must be encrypted",
        `Set ${encrypted} to true`,
      );
    });

    it("counts the groups of a cluster together", () => {
      const groups = [{ instanceCount: 1 }, { instanceCount: 1 }];
      assertRefuses(
        examine(interContainerEncryption, job({ "resourceConfig.instanceGroups": groups })),
        "between 2 instances",
      );
    });

    it("says that it could not look at a value which is not known yet", () => {
      assertUnseen(examine(interContainerEncryption, job({ ...two, [encrypted]: unknown.flag })), encrypted);
    });
  });
});
