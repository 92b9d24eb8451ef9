import type { PolicyConfigSchema } from "@pulumi/policy";

/** Where and when the prices below were read. */
export const priceTable = { region: "us-east-1", date: "2026-11" } as const;

/**
 * USD per instance and hour of SageMaker training on demand, from the AWS Price List (service code AmazonSageMaker).
 * Spot costs less and is never billed above these, so they bound a spot job too.
 */
export const trainingPrices: Readonly<Record<string, number>> = {
  "ml.g5.xlarge": 1.408,
  "ml.g5.2xlarge": 1.515,
  "ml.g5.4xlarge": 2.03,
  "ml.g5.8xlarge": 3.06,
  "ml.g5.12xlarge": 7.09,
  "ml.g5.16xlarge": 5.12,
  "ml.g5.24xlarge": 10.18,
  "ml.g5.48xlarge": 20.36,
};

/**
 * USD per instance and hour of SageMaker hosting, as it is read above: types of ml.g5 cost as much as in training. Of the general types
 * those that `running-machines-limit` allows.
 */
export const hostingPrices: Readonly<Record<string, number>> = {
  ...trainingPrices,
  "ml.t2.medium": 0.056,
  "ml.c5.large": 0.102,
  "ml.c5.xlarge": 0.204,
  "ml.m5.large": 0.115,
  "ml.m5.xlarge": 0.23,
};

/** USD per GB and month of the storage volumes of training jobs and endpoints, by region. */
export const storagePrices: Readonly<Record<string, number>> = { [priceTable.region]: 0.14 };

/** Hours of a month, as AWS counts them. */
export const monthHours = 730;

/** Prices from the configuration of a rule, before the pack's own. */
export interface OwnPrices {
  pricesUsdPerHour: Readonly<Record<string, number>>;
  storageUsdPerGbMonth: Readonly<Record<string, number>>;
}

/** The settings of a rule that needs prices. */
export const priceSettings: NonNullable<PolicyConfigSchema["properties"]> = {
  pricesUsdPerHour: {
    type: "object",
    additionalProperties: { type: "number", exclusiveMinimum: 0 },
    default: {},
    description: `On-demand prices per instance and hour in USD, by instance type, in every region. They go before the prices that a job read (\`livePrices\`) and before the pack's own, which are those of ml.g5 in ${priceTable.region}, and hold there only.`,
  },
  storageUsdPerGbMonth: {
    type: "object",
    additionalProperties: { type: "number", minimum: 0 },
    default: {},
    description: `Prices of storage volumes per GB and month in USD, by region. They go before the pack's own, which is that of ${priceTable.region}.`,
  },
};
