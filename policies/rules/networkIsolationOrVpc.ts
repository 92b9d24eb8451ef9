import { oneOf } from "../lib/text";
import { trainingRule } from "../training/rule";

type Way = "isolation" | "vpc";

interface Config {
  accepted: Way[];
}

const fixes: Record<Way, string> = {
  isolation: "set enableNetworkIsolation to true",
  vpc: "set vpcConfig",
};

export const networkIsolationOrVpc = trainingRule<Config>({
  name: "network-isolation-or-vpc",
  description:
    "Training code runs isolated from the network, or in a VPC, whose own routes and security groups then hold it.",
  enforcementLevel: "advisory",
  severity: "medium",
  configSchema: {
    properties: {
      accepted: {
        type: "array",
        items: { type: "string", enum: ["isolation", "vpc"] },
        minItems: 1,
        default: ["isolation", "vpc"],
        description: "What is enough: `isolation`, `vpc`, or either of them.",
      },
    },
  },
  check: ({ spec, config: { accepted }, report }) => {
    const has: Record<Way, () => boolean> = {
      isolation: () => spec.networkIsolation,
      vpc: () => spec.inVpc,
    };
    if (accepted.some((way) => has[way]())) {
      return;
    }
    report({
      found: "runs with an open network",
      limit: `required is ${oneOf(accepted.map((way) => (way === "vpc" ? "a VPC" : "network isolation")))}`,
      fix: `To fix it, ${oneOf(accepted.map((way) => fixes[way]))}`,
    });
  },
});
