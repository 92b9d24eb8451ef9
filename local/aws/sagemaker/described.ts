import type { TrainingJobRequest } from "./record.ts";

/**
 * What DescribeTrainingJob says for a member that the request left out, by its path (`[]` for each entry of a list). A structure that is
 * not there stays away, but for its own entry here. Sources: answers of the service that its users have published (2018 to 2025), and the
 * defaults of the API reference.
 */
const filledIn: [path: string, value: unknown][] = [
  ["InputDataConfig", []],
  ["InputDataConfig[].DataSource.S3DataSource.S3DataDistributionType", "FullyReplicated"],
  ["InputDataConfig[].CompressionType", "None"],
  ["InputDataConfig[].RecordWrapperType", "None"],
  ["OutputDataConfig.KmsKeyId", ""],
  ["OutputDataConfig.CompressionType", "GZIP"],
  ["StoppingCondition", {}],
  ["StoppingCondition.MaxRuntimeInSeconds", 86_400],
  ["EnableNetworkIsolation", false],
  ["EnableInterContainerTrafficEncryption", false],
  ["EnableManagedSpotTraining", false],
  ["DebugHookConfig.CollectionConfigurations", []],
  ["DebugRuleConfigurations[].VolumeSizeInGB", 0],
  ["ProfilerConfig.ProfilingIntervalInMilliseconds", 500],
  ["ProfilerConfig.DisableProfiler", false],
  ["ProfilerRuleConfigurations[].VolumeSizeInGB", 0],
];

/** The request as the service keeps it: what was asked for, and what it takes where nothing was. */
export function described(request: TrainingJobRequest): TrainingJobRequest {
  const result = structuredClone(request) as unknown as Structure;
  for (const [path, value] of filledIn) fill(result, path.split("."), value);
  // The reference: false but for built-in algorithms, AWS's PyTorch images (all that run here), and jobs that define metrics.
  fill(result, ["AlgorithmSpecification", "EnableSageMakerMetricsTimeSeries"], true);
  return result as unknown as TrainingJobRequest;
}

type Structure = Record<string, unknown>;

function fill(into: Structure, [step, ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    into[step] ??= structuredClone(value);
    return;
  }
  const inner = into[step.replace("[]", "")];
  if (inner === undefined || inner === null) return;
  for (const each of step.endsWith("[]") ? (inner as Structure[]) : [inner as Structure]) {
    fill(each, rest, value);
  }
}
