import { setAt } from "../lib/properties";
import { trainingRule } from "../training/rule";

export const checkpointWithSpot = trainingRule({
  name: "checkpoint-with-spot",
  description: "A spot job keeps checkpoints, so that an interruption does not throw away what was paid for.",
  enforcementLevel: "advisory",
  severity: "medium",
  check: ({ spec, report }) => {
    if (spec.spot && spec.checkpointUri === undefined) {
      report({
        found: "runs on managed spot without checkpoints",
        limit: "an interrupted job would begin again from nothing",
        fix: "Set checkpointConfig.s3Uri to a prefix of its own",
      });
    }
  },
  remedy: ({ spot, checkpointUri, outputUri, properties, source }) => {
    const prefix = source.ownPrefix();
    if (!spot || checkpointUri !== undefined || outputUri === undefined || prefix === undefined) {
      return false;
    }
    // A prefix that no other job shares: checkpoints of another experiment would be taken up as its own.
    setAt(properties, "checkpointConfig.s3Uri", `${outputUri.replace(/\/+$/, "")}/checkpoints/${prefix}`);
    return true;
  },
});
