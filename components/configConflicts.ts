import type { TrainingConfig } from "./configSchema";
import { gateFaults } from "./gate/rule";
import { DEFAULT_PYTORCH, pythonFor } from "./pytorchImages";

/** A key of the configuration that cannot stand beside the others. */
export interface Conflict {
  key: keyof TrainingConfig;
  /** Names the other key, and what to do. */
  reason: string;
}

type Key = keyof TrainingConfig;

/** What each of these keys needs to have an effect. */
const NEEDS: [Key, Key][] = [
  ["securityGroupIds", "subnets"],
  ["subnets", "securityGroupIds"],
  ["imageTag", "imageRepository"],
  ["imageRepository", "imageTag"],
];

/** Keys that have no effect beside another one, which decides alone. */
const DECIDED_BY: [Key, Key][] = [
  ["imageRepository", "imageUri"],
  ["dockerfile", "imageUri"],
  ["dockerfile", "imageRepository"],
  ["frameworkVersion", "imageUri"],
  ["pythonVersion", "imageUri"],
  ["frameworkVersion", "imageRepository"],
  ["pythonVersion", "imageRepository"],
  ["permissionsBoundary", "roleArn"],
  ["dataKmsKeyArns", "roleArn"],
];

/** Everything in a configuration that would be dropped without a word, or that cannot be had. */
export function conflicts(config: TrainingConfig): Conflict[] {
  return [
    ...NEEDS.filter(([key, other]) => isSet(config[key]) && !isSet(config[other])).map(([key, other]) => ({
      key,
      reason: `has no effect without training:${other}: set both or neither`,
    })),
    ...DECIDED_BY.filter(([key, other]) => isSet(config[key]) && isSet(config[other])).map(
      ([key, other]) => ({
        key,
        reason: `has no effect beside training:${other}: leave one of them out`,
      }),
    ),
    ...ofMetrics(config),
    ...ofSpot(config),
    ...ofImage(config),
    ...ofSweep(config),
    ...gateFaults(config).map((reason) => ({ key: "gate" as const, reason })),
  ];
}

function ofMetrics({ metrics, primaryMetric }: TrainingConfig): Conflict[] {
  if (primaryMetric === undefined || Object.hasOwn(metrics, primaryMetric)) return [];
  const names = Object.keys(metrics);
  const known = names.length > 0 ? `it has ${names.join(", ")}` : "which is empty";
  return [
    {
      key: "primaryMetric",
      reason: `${primaryMetric} is not in training:metrics (${known}): name one of them, or define it there`,
    },
  ];
}

function ofSpot({ spot, maxWait, fallback, keepAlive }: TrainingConfig): Conflict[] {
  if (spot) {
    const reason = "needs training:spot false: AWS keeps no spot instances warm";
    return isSet(keepAlive) ? [{ key: "keepAlive", reason }] : [];
  }
  const reason = "has no effect with training:spot false: leave it out, or train on spot";
  return [
    ...(isSet(maxWait) ? [{ key: "maxWait" as const, reason }] : []),
    ...(fallback !== "none" ? [{ key: "fallback" as const, reason }] : []),
  ];
}

/** Several experiments are told apart by a metric; one alone ends its deployment when it fails. */
function ofSweep(config: TrainingConfig): Conflict[] {
  const { experiments, grid, halving, metrics, primaryGoal, onFailure } = config;
  const several = isSet(Object.keys({ ...experiments, ...grid }));
  const names = Object.keys(metrics);
  const found: Conflict[] = [];
  if (several && names.length === 0) {
    found.push({
      key: "metrics",
      reason: "must name a metric: by what is one experiment better than another?",
    });
  }
  const idle = "has no effect without training:experiments or training:grid: leave it out";
  // `npm run compare` goes by it too, whatever the stack is.
  if (isSet(primaryGoal) && names.length === 0 && !several) {
    found.push({ key: "primaryGoal", reason: "has no effect without training:metrics: leave it out" });
  }
  if (!several && isSet(Object.keys(halving))) found.push({ key: "halving", reason: idle });
  if (!several && onFailure !== "fail") found.push({ key: "onFailure", reason: idle });
  return found;
}

/** The image that AWS would have to have for this version and machine. */
function ofImage(config: TrainingConfig): Conflict[] {
  if (isSet(config.imageUri) || isSet(config.imageRepository)) return [];
  const { instanceType, frameworkVersion = DEFAULT_PYTORCH, pythonVersion } = config;
  const found = pythonFor(frameworkVersion, pythonVersion);
  return [
    ...("refused" in found ? [{ key: found.key, reason: found.refused }] : []),
    ...(/^ml\.(trn|inf)/.test(instanceType)
      ? [
          {
            key: "instanceType" as const,
            reason: `AWS's PyTorch image does not use the chips of ${instanceType}: name an image with the Neuron SDK in training:imageUri`,
          },
        ]
      : []),
  ];
}

const isSet = (value: unknown): boolean =>
  value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0);
