import type { TrainingJobArgs } from "./args/args";

/** Where the state has what these arguments stand for. */
const PLACES: Record<string, string[]> = {
  maxRun: ["stoppingCondition.maxRuntimeInSeconds"],
  maxPending: ["stoppingCondition.maxPendingTimeInSeconds"],
  spot: ["enableManagedSpotTraining", "stoppingCondition.maxWaitTimeInSeconds"],
  "spot.maxWait": ["stoppingCondition.maxWaitTimeInSeconds"],
  warmPool: ["resourceConfig.keepAlivePeriodInSeconds"],
  "warmPool.keepAlive": ["resourceConfig.keepAlivePeriodInSeconds"],
  metricDefinitions: ["algorithmSpecification.metricDefinitions"],
};

/**
 * The option `ignoreChanges` with the places of its shorthands besides. The engine takes what it ignores from the state, which has each
 * value where the API has it: a shorthand is not there, and would be taken out of the inputs, its limit with it.
 */
export function ignoredPlaces(ignoreChanges: string[] | undefined): string[] | undefined {
  return ignoreChanges && [...new Set(ignoreChanges.flatMap((path) => [path, ...placesOf(path)]))];
}

/** What must be among the inputs for the engine to put something into it: `{}` for what only shorthands would make. */
export function ignoredParents(
  ignoreChanges: string[] | undefined,
  {
    stoppingCondition,
    serverlessJobConfig,
  }: Pick<TrainingJobArgs, "stoppingCondition" | "serverlessJobConfig">,
): Pick<TrainingJobArgs, "stoppingCondition"> {
  const isNeeded = ignoreChanges?.some((path) =>
    placesOf(path).some((each) => each.startsWith("stoppingCondition.")),
  );
  return isNeeded && stoppingCondition === undefined && serverlessJobConfig === undefined
    ? { stoppingCondition: {} }
    : {};
}

const placesOf = (path: string): string[] => (Object.hasOwn(PLACES, path) ? PLACES[path] : []);
