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
