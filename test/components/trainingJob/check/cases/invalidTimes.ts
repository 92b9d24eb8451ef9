import { CPU_GROUP, type InvalidCase, resources } from "./builders";

/** Mistakes in times, spot, retries and warm pools. */
export const invalidTimes: InvalidCase[] = [
  ["no run time", { maxRun: 0 }, "maxRun"],
  ["a run time over 28 days", { maxRun: "29d" }, "maxRun"],
  [
    "a run time over 28 days, long form",
    { stoppingCondition: { maxRuntimeInSeconds: 2_419_201 } },
    "stoppingCondition.maxRuntimeInSeconds",
  ],
  ["a run time that is no duration", { maxRun: "soon" }, "maxRun"],
  ["a run time with an unknown unit", { maxRun: "2w" }, "maxRun"],
  ["a negative run time", { maxRun: -1 }, "maxRun"],
  ["a fractional run time", { maxRun: 0.5 }, "maxRun"],
  ["a run time in two places", { maxRun: "1h", stoppingCondition: { maxRuntimeInSeconds: 60 } }, "maxRun"],
  ["29 minutes of pending", { maxPending: "29m" }, "maxPending"],
  ["29 days of pending", { maxPending: "29d" }, "maxPending"],
  [
    "a wait without spot",
    { stoppingCondition: { maxWaitTimeInSeconds: 90_000 } },
    "stoppingCondition.maxWaitTimeInSeconds",
  ],
  [
    "a wait below the run time, with retries",
    {
      retryStrategy: { maximumRetryAttempts: 2 },
      stoppingCondition: { maxRuntimeInSeconds: 7200, maxWaitTimeInSeconds: 3600 },
    },
    "stoppingCondition.maxWaitTimeInSeconds",
  ],
  [
    "a wait of two hours for a built-in algorithm that does not checkpoint",
    {
      algorithmSpecification: { trainingImage: "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1" },
      maxRun: "1h",
      spot: { maxWait: "2h" },
    },
    "spot.maxWait",
  ],
  ["spot without a wait", { spot: {} }, "spot.maxWait"],
  ["spot without a wait, long form", { enableManagedSpotTraining: true }, "spot.maxWait"],
  ["a wait below the run time", { maxRun: "2h", spot: { maxWait: "1h" } }, "spot.maxWait"],
  ["a wait below the default run time", { spot: { maxWait: "23h" } }, "spot.maxWait"],
  ["a wait that is no duration", { spot: { maxWait: "long" } }, "spot.maxWait"],
  ["spot set and unset", { spot: { maxWait: "2d" }, enableManagedSpotTraining: false }, "spot"],
  ["spot as a switch", { spot: true }, "spot"],
  ["an unknown fallback", { spot: { maxWait: "2d", fallback: "ondemand" } }, "spot.fallback"],
  ["too many capacity retries", { spot: { maxWait: "2d", capacityRetries: 11 } }, "spot.capacityRetries"],
  ["a typo in spot", { spot: { maxwait: "2d" } }, "spot.maxwait", "spot.maxWait"],
  [
    "a warm pool with spot",
    { spot: { maxWait: "2d" }, warmPool: { keepAlive: "10m" } },
    "warmPool.keepAlive",
  ],
  [
    "a warm pool with groups",
    { resourceConfig: { instanceGroups: [CPU_GROUP] }, warmPool: { keepAlive: "10m" } },
    "warmPool.keepAlive",
  ],
  ["a warm pool over an hour", { warmPool: { keepAlive: "61m" } }, "warmPool.keepAlive"],
  [
    "a warm pool over an hour, long form",
    resources({ keepAlivePeriodInSeconds: 3601 }),
    "resourceConfig.keepAlivePeriodInSeconds",
  ],
  ["a warm pool without a time", { warmPool: {} }, "warmPool.keepAlive"],
  ["a typo in the warm pool", { warmPool: { keepAlive: 60, keepalive: 60 } }, "warmPool.keepalive"],
  ["a warm pool as a number", { warmPool: 600 }, "warmPool"],
  ["no retry", { retryStrategy: { maximumRetryAttempts: 0 } }, "retryStrategy.maximumRetryAttempts"],
];
