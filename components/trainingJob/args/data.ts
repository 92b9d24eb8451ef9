// The parts of the inputs that say where data comes from and where results go.
// Limits are those of CreateTrainingJob in botocore's model unless another source is named.
import type { TrainingInputMode } from "./compute";

/** Objects in S3. */
export interface S3DataSource {
  /** What `s3Uri` names: every object under a prefix, a manifest, an augmented manifest (Pipe mode only), or Converse data. */
  s3DataType: "S3Prefix" | "ManifestFile" | "AugmentedManifestFile" | "Converse";
  /**
   * Prefix or manifest, at most 1024 characters, in the region of the job: `s3://bucket/key` or an https URL of S3
   * (`https://s3.<region>.amazonaws.com/bucket/key`, `https://bucket.s3.<region>.amazonaws.com/key`). No "//" in the key.
   */
  s3Uri: string;
  /** Every machine gets everything (default), or each its share of the objects. */
  s3DataDistributionType?: "FullyReplicated" | "ShardedByS3Key";
  /** Attributes to read from an augmented manifest, at most 16. */
  attributeNames?: string[];
  /** Instance groups that get this data, at most 5, of those in `resourceConfig.instanceGroups`. Default: all. */
  instanceGroupNames?: string[];
  /** Agreement to the licence of a model that is read as data. */
  modelAccessConfig?: { acceptEula: boolean };
  /** A model of a private hub. */
  hubAccessConfig?: { hubContentArn: string };
}

/** A directory of an Amazon EFS or FSx for Lustre file system; needs `vpcConfig` and input mode "File". */
export interface FileSystemDataSource {
  /** File system, `fs-` and at least 8 hexadecimal digits. */
  fileSystemId: string;
  /** "ro" for reading only, "rw" for writing too. */
  fileSystemAccessMode: "ro" | "rw";
  /** Kind of the file system. */
  fileSystemType: "EFS" | "FSxLustre";
  /** Absolute path of the directory, at most 4096 characters; on FSx it begins with the mount name. */
  directoryPath: string;
}

/** Where a channel's data is. Exactly one of the three. */
export interface DataSource {
  s3DataSource?: S3DataSource;
  fileSystemDataSource?: FileSystemDataSource;
  /** A data set of a SageMaker hub. */
  datasetSource?: { datasetArn: string };
}

/** One named input of the training, seen by the script as /opt/ml/input/data/<channelName>. */
export interface Channel {
  /** Letters, digits, ".", "-", "_"; 1 to 64 characters; each name once. */
  channelName: string;
  /** Where the data is. */
  dataSource: DataSource;
  /** MIME type of the data, at most 256 characters. */
  contentType?: string;
  /** "Gzip" only in Pipe mode, and not while `algorithmSpecification.trainingInputMode` is "File". Default "None". */
  compressionType?: "None" | "Gzip";
  /** "RecordIO" only in Pipe mode. Default "None". */
  recordWrapperType?: "None" | "RecordIO";
  /** Input mode of this channel. Default: `algorithmSpecification.trainingInputMode`. */
  inputMode?: TrainingInputMode;
  /** Shuffle the objects (or manifest lines) with this seed; in Pipe mode at every epoch. S3 only. */
  shuffleConfig?: { seed: number };
  /** Own: put the keys and ETags under the prefix into the job's identity, so that changed data retrains; data that is gone does not. Default false. S3 only. */
  fingerprint?: boolean;
}

/** Where the model artifact goes. */
export interface OutputDataConfig {
  /** Prefix, `s3://bucket/key` or an https URL of S3, at most 1024 characters; the artifact is `<prefix>/<job>/output/model.tar.gz`. */
  s3OutputPath: string;
  /** KMS key (id, ARN or alias) that encrypts the artifact. Default: the bucket's own encryption. */
  kmsKeyId?: string;
  /** "GZIP" (default) for model.tar.gz, "NONE" for plain files, better for very large models. */
  compressionType?: "GZIP" | "NONE";
}

/** Checkpoints, synced both ways between S3 and the machine. */
export interface CheckpointConfig {
  /**
   * Prefix in S3, at most 1024 characters. `{job}` in it becomes the name of the experiment with the hash of its
   * inputs, the same for every attempt at it and different for every other experiment.
   * Default with spot: `<outputDataConfig.s3OutputPath>/{job}/checkpoints`.
   */
  s3Uri: string;
  /** Directory in the container, absolute. Default /opt/ml/checkpoints. */
  localPath?: string;
}
