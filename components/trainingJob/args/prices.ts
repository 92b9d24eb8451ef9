/** USD per instance and hour, Linux, on demand. */
export interface HourlyPrice {
  /** SageMaker training. */
  training: number;
  /** The same hardware rented from EC2; absent where EC2 does not offer it. */
  ec2?: number;
}

/** Prices of one region that were read from the AWS Price List API. */
export interface LivePrices {
  /** Day of the reading, YYYY-MM-DD. */
  readOn: string;
  /** Instance type -> price. */
  perType: Record<string, HourlyPrice>;
  /** Why a price is missing, if one is. */
  problem?: string;
}
