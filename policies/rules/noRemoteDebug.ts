import { trainingRule } from "../training/rule";

export const noRemoteDebug = trainingRule({
  name: "no-remote-debug",
  description: "Nobody can open a shell in the training container while it runs.",
  enforcementLevel: "advisory",
  severity: "high",
  check: ({ spec, report }) => {
    if (spec.remoteDebug) {
      report({
        found: "can be debugged remotely (remoteDebugConfig.enableRemoteDebug)",
        limit:
          "a shell in the container acts with the rights of the execution role, and reads the training data",
        fix: "Set remoteDebugConfig.enableRemoteDebug to false",
      });
    }
  },
});
