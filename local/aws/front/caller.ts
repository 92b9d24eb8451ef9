/** Who calls and where, as the signature's credential scope says it. */
export interface Caller {
  accessKey: string;
  region: string;
  /** Service name of the signature: `sagemaker`, `s3`, `logs`, `monitoring`, ... */
  service: string;
  account: string;
}

/** The one account of the local AWS. */
export const ACCOUNT = "000000000000";
