import { trainingRule } from "../training/rule";

export const interContainerEncryption = trainingRule({
  name: "inter-container-encryption",
  description: "Training on more than one instance encrypts the traffic between them.",
  enforcementLevel: "advisory",
  severity: "medium",
  check: ({ spec, report }) => {
    const instances = Math.max(
      ...spec.fleets.map((fleet) => fleet.reduce((sum, { count }) => sum + count, 0)),
    );
    if (instances > 1 && !spec.trafficEncrypted) {
      report({
        found: `sends data between ${instances} instances in the clear`,
        limit: "traffic between instances must be encrypted",
        fix: "Set enableInterContainerTrafficEncryption to true",
      });
    }
  },
});
