import { setAt } from "../lib/properties";
import { orUnknown, UNKNOWN_TEXT } from "../lib/unknowns";
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
  remedy: (spec) => {
    if (!spec.spot || spec.checkpointUri !== undefined) return undefined;
    const output = orUnknown(() => spec.outputUri);
    const prefix = orUnknown(() => spec.source.ownPrefix());
    if (output === undefined || prefix === undefined) return undefined;
    // A prefix that no other job shares: checkpoints of another experiment would be taken up as its own.
    const uri = [output, prefix].includes(UNKNOWN_TEXT)
      ? UNKNOWN_TEXT
      : `${output.replace(/\/+$/, "")}/checkpoints/${prefix}`;
    setAt(spec.properties, "checkpointConfig.s3Uri", uri);
    return uri === UNKNOWN_TEXT ? "keeps checkpoints under its output path" : `keeps checkpoints at ${uri}`;
  },
});
