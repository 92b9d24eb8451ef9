/** Whose a bucket is, as a file in the bucket itself tells it: names in AWS do not say which stack of which project made it. */
export interface StoreMark {
  bucket: string;
  /** Project, stack and organization, and the name of the store in that stack. */
  project: string;
  stack: string;
  organization: string;
  store: string;
  /** KMS key that the file is encrypted with. Default: the bucket's own encryption. */
  kmsKeyId?: string;
}
