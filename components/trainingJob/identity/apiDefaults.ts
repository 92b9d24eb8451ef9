import { FILLED, FILLED_EARLIER } from "../args/defaults";
import { propertyOf } from "../model/apiModel";

/**
 * What SageMaker does when a member is left out, by its path in the request (`[]` for any entry of a list). Source: the API reference of
 * CreateTrainingJob and of the types that it names.
 */
const API_DEFAULTS: Record<string, unknown> = {
  EnableManagedSpotTraining: false,
  EnableNetworkIsolation: false,
  EnableInterContainerTrafficEncryption: false,
  "SessionChainingConfig.EnableSessionTagChaining": false,
  "AlgorithmSpecification.TrainingInputMode": "File",
  "AlgorithmSpecification.TrainingImageConfig.TrainingRepositoryAccessMode": "Platform",
  "InputDataConfig[].CompressionType": "None",
  "InputDataConfig[].RecordWrapperType": "None",
  "InputDataConfig[].DataSource.S3DataSource.S3DataDistributionType": "FullyReplicated",
  "OutputDataConfig.CompressionType": "GZIP",
};

/** Whether a member says only what holds without it too: AWS's default, or one that this resource fills in. */
export function isDefault(path: string, value: unknown): boolean {
  const [top, member] = path.split(".").map(propertyOf);
  const filled = (FILLED as unknown as Record<string, Record<string, unknown>>)[top]?.[member ?? ""];
  return (
    (path in API_DEFAULTS && API_DEFAULTS[path] === value) ||
    (filled !== undefined && path.split(".").length === 2 && filled === value) ||
    (FILLED_EARLIER[path] ?? []).includes(value)
  );
}
