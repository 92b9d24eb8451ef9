import { noRemoteDebug } from "../../../policies/rules/noRemoteDebug";
import { examine } from "../support/examine";
import { assertPasses, assertRefuses, assertUnseen } from "../support/expect";
import { forEvery, jobKinds, unknown } from "../support/jobs";

describe("no-remote-debug", () => {
  forEvery(jobKinds, ({ job }) => {
    const verdict = (enabled: unknown) =>
      examine(noRemoteDebug, job({ "remoteDebugConfig.enableRemoteDebug": enabled }));

    it("accepts a job that nobody can debug remotely, and one that does not say", () => {
      assertPasses(verdict(false));
      assertPasses(examine(noRemoteDebug, job()));
    });

    it("refuses a shell in the container, also where a program wrote the switch as text", () => {
      for (const on of [true, "true"]) {
        assertRefuses(
          verdict(on),
          "can be debugged remotely (remoteDebugConfig.enableRemoteDebug)",
          "Set remoteDebugConfig.enableRemoteDebug to false",
        );
      }
    });

    it("looks again at a switch that is not known yet", () => {
      assertUnseen(verdict(unknown.flag), "remoteDebugConfig.enableRemoteDebug");
    });
  });
});
