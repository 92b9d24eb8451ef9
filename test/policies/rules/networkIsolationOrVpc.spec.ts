import { networkIsolationOrVpc } from "../../../policies/rules/networkIsolationOrVpc";
import { examine } from "../support/examine";
import { assertPasses, assertRefuses, assertUnseen } from "../support/expect";
import { forEvery, kinds, unknown } from "../support/jobs";

const open = { enableNetworkIsolation: false };
const vpc = { ...open, vpcConfig: { subnets: ["subnet-1"], securityGroupIds: ["sg-1"] } };

describe("network-isolation-or-vpc", () => {
  forEvery(kinds, ({ job }) => {
    it("passes an isolated job, and one in a VPC", () => {
      assertPasses(examine(networkIsolationOrVpc, job()));
      assertPasses(examine(networkIsolationOrVpc, job(vpc)));
    });

    it("refuses an open one", () => {
      assertRefuses(
        examine(networkIsolationOrVpc, job(open)),
        "runs with an open network",
        "required is network isolation or a VPC",
        "set enableNetworkIsolation to true or set vpcConfig",
      );
    });

    it("accepts what it is configured to", () => {
      assertRefuses(
        examine(networkIsolationOrVpc, job(vpc), { accepted: ["isolation"] }),
        "required is network isolation.",
      );
      assertRefuses(examine(networkIsolationOrVpc, job(), { accepted: ["vpc"] }), "required is a VPC.");
    });

    it("takes a VPC without subnets or without security groups for none", () => {
      const open = (vpcConfig: unknown) => job({ enableNetworkIsolation: false, vpcConfig });
      const whole = { subnets: ["subnet-1"], securityGroupIds: ["sg-1"] };
      assertPasses(examine(networkIsolationOrVpc, open(whole)));
      for (const part of [
        {},
        "",
        null,
        { ...whole, subnets: [] },
        { ...whole, securityGroupIds: undefined },
      ]) {
        assertRefuses(examine(networkIsolationOrVpc, open(part)), "runs with an open network");
      }
    });

    it("says that it could not look at a value which is not known yet", () => {
      assertUnseen(
        examine(networkIsolationOrVpc, job({ enableNetworkIsolation: unknown.flag })),
        "enableNetworkIsolation",
      );
      assertUnseen(examine(networkIsolationOrVpc, job({ ...open, vpcConfig: unknown.object })), "vpcConfig");
    });
  });
});
