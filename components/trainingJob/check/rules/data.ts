import { type Failures, shown } from "../../args/failures";
import { parseS3Uri } from "../../args/s3Uri";
import { isUnknown } from "../../args/unknown";
import type { View } from "../../args/view";
import { checkUnique } from "./compute";

/** Rules across the properties that say where data comes from and where results go. */
export function checkData(view: View, failures: Failures): void {
  checkUnique(view, failures, "inputDataConfig", "channelName");
  for (const [index, channel] of view.list("inputDataConfig").entries()) {
    checkChannel(view, channel, failures, `inputDataConfig[${index}]`);
  }
  checkAbsolute(view, failures, "checkpointConfig.localPath");
}

function checkChannel(view: View, channel: View, failures: Failures, path: string): void {
  if (!channel.isObject("dataSource")) {
    return;
  }
  const kinds = ["s3DataSource", "fileSystemDataSource", "datasetSource"];
  const chosen = kinds.filter((kind) => channel.has(`dataSource.${kind}`));
  if (chosen.length === 0) {
    failures.add(`${path}.dataSource`, `is empty; set one of ${kinds.join(", ")}`);
  }
  for (const extra of chosen.slice(1)) {
    failures.add(`${path}.dataSource.${extra}`, `excludes ${chosen[0]}; split them into two channels`);
  }
  const own = channel.get("inputMode");
  const ofJob = view.get("algorithmSpecification.trainingInputMode") ?? "File";
  const mode = own ?? ofJob;
  if (own === "Pipe" && ofJob === "File" && channel.is("compressionType", "Gzip")) {
    // SageMaker looks at the job's mode here, whatever the channel's is: "File mode only supports NONE, got Gzip instead".
    failures.add(
      `${path}.compressionType`,
      '"Gzip" is refused while the mode of the job is File, also in a channel in Pipe mode; set algorithmSpecification.trainingInputMode to "Pipe"',
    );
  }
  if (typeof mode === "string" && !isUnknown(mode)) {
    checkMode(channel, failures, path, mode);
  }
  // API reference, Channel: "To use a model for incremental training, choose File input mode."
  if (mode !== "File" && !isUnknown(mode) && channel.is("contentType", "application/x-sagemaker-model")) {
    failures.add(`${path}.inputMode`, `"${mode}" does not bring a model to train further; set it to "File"`);
  }
  const name = channel.text("channelName") ?? "";
  if (/^\.{1,2}$/.test(name)) {
    failures.add(`${path}.channelName`, `${shown("", name)} is no name of a folder; choose another`);
  }
  checkPrefix(channel, failures, `${path}.dataSource.s3DataSource.s3Uri`, mode);
  checkS3(view, channel, failures, path);
  checkFileSystem(view, channel, failures, path);
}

function checkMode(channel: View, failures: Failures, path: string, mode: string): void {
  const pipeOnly: [string, string][] = [
    ["compressionType", "Gzip"],
    ["recordWrapperType", "RecordIO"],
    ["dataSource.s3DataSource.s3DataType", "AugmentedManifestFile"],
  ];
  for (const [property, value] of pipeOnly) {
    if (mode !== "Pipe" && channel.is(property, value)) {
      failures.add(
        `${path}.${property}`,
        `"${value}" works in Pipe mode only and this channel's mode is ${mode}; set inputMode to "Pipe" or change it`,
      );
    }
  }
  if (channel.has("dataSource.fileSystemDataSource") && mode !== "File") {
    failures.add(
      `${path}.inputMode`,
      `"${mode}" does not work with a file system, which is mounted; set it to "File"`,
    );
  }
}

/** SageMaker refuses a key with two slashes in a row when it copies it; it is not known of the modes that stream. */
function checkPrefix(channel: View, failures: Failures, property: string, mode: unknown): void {
  const uri = channel.text("dataSource.s3DataSource.s3Uri");
  if (uri === undefined || !parseS3Uri(uri)?.key.includes("//")) {
    return;
  }
  const reason = `${shown("", uri)} has "//" in its key, which SageMaker refuses to download; move the data`;
  if (mode === "File") {
    failures.add(property, reason);
  } else {
    failures.warn(property, reason);
  }
}

function checkS3(view: View, channel: View, failures: Failures, path: string): void {
  const source = "dataSource.s3DataSource";
  // API reference, S3DataSource: "S3Uri identifies an object that is a manifest file".
  const uri = channel.text(`${source}.s3Uri`) ?? "";
  if (
    /ManifestFile$/.test(channel.text(`${source}.s3DataType`) ?? "") &&
    /^($|.*\/$)/.test(parseS3Uri(uri)?.key ?? "x")
  ) {
    failures.add(
      `${path}.${source}.s3Uri`,
      `${shown("", uri)} is a prefix; name the object that is the manifest`,
    );
  }
  const augmented = channel.maybe(`${source}.s3DataType`, "AugmentedManifestFile");
  if (channel.has(`${source}.attributeNames`) && !augmented) {
    failures.add(`${path}.${source}.attributeNames`, "belongs to an AugmentedManifestFile only; remove it");
  }
  if (
    channel.is(`${source}.s3DataType`, "AugmentedManifestFile") &&
    !channel.has(`${source}.attributeNames`)
  ) {
    failures.add(
      `${path}.${source}.attributeNames`,
      "is missing; an AugmentedManifestFile needs the names to read",
    );
  }
  for (const property of ["shuffleConfig", "fingerprint"]) {
    if (channel.has(property) && channel.get(property) !== false && !channel.has(source)) {
      failures.add(`${path}.${property}`, "works on data in S3 only; remove it");
    }
  }
  checkGroupNames(view, channel, failures, path, `${source}.instanceGroupNames`);
}

function checkGroupNames(
  view: View,
  channel: View,
  failures: Failures,
  path: string,
  property: string,
): void {
  const groups = view.list("resourceConfig.instanceGroups").map((group) => group.get("instanceGroupName"));
  const allKnown = !isUnknown(view.get("resourceConfig.instanceGroups")) && !groups.some(isUnknown);
  const wanted = channel.get(property);
  for (const [index, name] of (Array.isArray(wanted) ? wanted : []).entries()) {
    if (allKnown && !isUnknown(name) && !groups.includes(name)) {
      const known =
        groups.length > 0
          ? `known: ${groups.filter((each) => typeof each === "string").join(", ")}`
          : "resourceConfig has no instanceGroups";
      failures.add(`${path}.${property}[${index}]`, `${shown("", name)} is not an instance group; ${known}`);
    }
  }
}

function checkFileSystem(view: View, channel: View, failures: Failures, path: string): void {
  const source = "dataSource.fileSystemDataSource";
  if (channel.has(source) && !view.has("vpcConfig")) {
    failures.add("vpcConfig", `is missing; the file system of ${path} is reached through a VPC`);
  }
  const directory = channel.text(`${source}.directoryPath`);
  if (directory !== undefined && !directory.startsWith("/")) {
    failures.add(
      `${path}.${source}.directoryPath`,
      `${shown("", directory)} is not absolute; begin it with /`,
    );
  }
}

/** Refuse a path in the container that does not begin with a slash. */
export function checkAbsolute(view: View, failures: Failures, property: string): void {
  const path = view.text(property);
  if (path !== undefined && !path.startsWith("/")) {
    failures.add(
      property,
      `${shown(property, path)} is not an absolute path in the container; begin it with /`,
    );
  }
}
