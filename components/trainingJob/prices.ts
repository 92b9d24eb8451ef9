/** USD per instance and hour, Linux, on demand. */
export interface HourlyPrice {
  /** SageMaker training. */
  training: number;
  /** The same hardware rented from EC2. */
  ec2: number;
}

/** Where and when the table below was read; other regions cost up to about half as much again. */
export const PRICE_TABLE = { region: "us-east-1", date: "2026-11" } as const;

const TABLE: Record<string, HourlyPrice> = {
  "ml.g5.xlarge": { training: 1.408, ec2: 1.006 },
  "ml.g5.2xlarge": { training: 1.515, ec2: 1.212 },
  "ml.g5.4xlarge": { training: 2.03, ec2: 1.624 },
  "ml.g5.8xlarge": { training: 3.06, ec2: 2.448 },
  "ml.g5.12xlarge": { training: 7.09, ec2: 5.672 },
  "ml.g5.16xlarge": { training: 5.12, ec2: 4.096 },
  "ml.g5.24xlarge": { training: 10.18, ec2: 8.144 },
  "ml.g5.48xlarge": { training: 20.36, ec2: 16.288 },
};

/** The table's price, or undefined for a type or region that is not in it: an unknown price is never guessed. */
export function tablePrice(instanceType: string, region: string): HourlyPrice | undefined {
  return region === PRICE_TABLE.region ? TABLE[instanceType] : undefined;
}
