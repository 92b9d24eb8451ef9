import { seconds } from "../lib/text";
import { trainingRule } from "../training/rule";
import { written } from "../training/written";

interface Config {
  maxKeepAliveSeconds: number;
}

const property = "resourceConfig.keepAlivePeriodInSeconds";

export const warmPoolLimit = trainingRule<Config>({
  name: "warm-pool-limit",
  description: "Instances stay warm, and billed, no longer than the limit, and never beside managed spot.",
  enforcementLevel: "advisory",
  severity: "medium",
  configSchema: {
    properties: {
      maxKeepAliveSeconds: {
        type: "integer",
        // Half of what SageMaker allows: long enough to start the next experiment, too short for a lunch break.
        default: 1_800,
        minimum: 0,
        maximum: 3_600,
        description: "The most seconds that instances may stay warm after a job; 0 for no warm pools.",
      },
    },
  },
  check: ({ spec, config: { maxKeepAliveSeconds }, report }) => {
    const keepAlive = spec.keepAliveSeconds;
    const setting = written(spec.properties, property);
    if (keepAlive > maxKeepAliveSeconds) {
      report({
        found: `keeps its instances warm for ${seconds(keepAlive)}`,
        limit: `the limit is ${seconds(maxKeepAliveSeconds)}`,
        fix: `Set ${setting} to ${maxKeepAliveSeconds} or less`,
      });
    } else if (keepAlive > 0 && spec.spot) {
      report({
        found: `keeps its instances warm for ${seconds(keepAlive)} on managed spot`,
        limit: "SageMaker refuses a warm pool with spot",
        fix: `Remove ${setting}`,
      });
    }
  },
});
