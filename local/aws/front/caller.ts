/** Who calls and where, as the signature's credential scope says it. */
export interface Caller {
  accessKey: string;
  region: string;
  /** Service name of the signature: `sagemaker`, `s3`, `logs`, `monitoring`, ... */
  service: string;
  account: string;
}

const defaultAccount = "000000000000";

/** Reads an AWS Signature Version 4 `Authorization` header; unsigned calls count as the default account's. */
export function readCaller(authorization: string | undefined): Caller {
  const scope = /Credential=([^/,\s]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/.exec(authorization ?? "");
  const accessKey = scope?.[1] ?? "";
  return {
    accessKey,
    region: scope?.[2] ?? "us-east-1",
    service: scope?.[3] ?? "",
    // ministack takes a 12-digit access key as the account.
    account: /^\d{12}$/.test(accessKey) ? accessKey : defaultAccount,
  };
}
