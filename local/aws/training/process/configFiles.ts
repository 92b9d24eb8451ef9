import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Channel } from "@aws-sdk/client-sagemaker";
import type { TrainingJobRequest } from "../../sagemaker/record.ts";
import { localize } from "./layout.ts";
import { loopback } from "./loopback.ts";

/**
 * Makes a host's base directory with the configuration files that SageMaker mounts into the container.
 * `seenBase`: what the host's processes see it as.
 */
export function writeBase(
  base: string,
  seenBase: string,
  host: string,
  hosts: string[],
  request: TrainingJobRequest,
): void {
  for (const dir of ["input/config", "input/data", "model", "output/data", "code"]) {
    mkdirSync(path.join(base, dir), { recursive: true, mode: 0o700 });
  }
  const write = (name: string, content: unknown) =>
    writeFileSync(path.join(base, "input/config", `${name}.json`), JSON.stringify(content));
  write("hyperparameters", hyperparameters(request, seenBase));
  write("resourceconfig", resourceConfig(host, hosts, request));
  write("inputdataconfig", inputDataConfig(request, channelsOf(host, hosts, request)));
}

/** The job's hyperparameters, with paths below /opt/ml pointing to the base directory. */
export function hyperparameters(request: TrainingJobRequest, base: string): Record<string, string> {
  const entries = Object.entries(request.HyperParameters ?? {});
  return Object.fromEntries(entries.map(([key, value]) => [key, localizeJson(value, base)]));
}

/** Script mode sends values JSON-encoded: `"/opt/ml/checkpoints"` with the quotes. */
function localizeJson(value: string, base: string): string {
  const quoted = /^"(\/opt\/ml[^"\\]*)"$/.exec(value);
  return quoted ? JSON.stringify(localize(quoted[1], base)) : localize(value, base);
}

export function resourceConfig(host: string, hosts: string[], request: TrainingJobRequest) {
  const groups = instanceGroups(hosts, request);
  const own = groups.find((group) => group.hosts.includes(host)) ?? groups[0];
  return {
    current_host: host,
    current_instance_type: own.instance_type,
    current_group_name: own.instance_group_name,
    hosts,
    instance_groups: groups,
    network_interface_name: loopback(),
  };
}

function instanceGroups(hosts: string[], { ResourceConfig: resource }: TrainingJobRequest) {
  const groups = resource?.InstanceGroups ?? [];
  if (groups.length === 0) {
    const type = resource?.SelectedInstanceType ?? resource?.InstanceType ?? "local";
    return [{ instance_group_name: "homogeneousCluster", instance_type: type as string, hosts }];
  }
  let next = 0;
  return groups.map((group) => {
    const start = next;
    next += group.InstanceCount ?? 0;
    return {
      instance_group_name: group.InstanceGroupName ?? "",
      instance_type: (group.InstanceType ?? "local") as string,
      hosts: hosts.slice(start, next),
    };
  });
}

/** The channels that a host gets: those that name instance groups go to these only. */
export function channelsOf(host: string, hosts: string[], request: TrainingJobRequest): Channel[] {
  const group = instanceGroups(hosts, request).find((each) => each.hosts.includes(host));
  return (request.InputDataConfig ?? []).filter((channel) => {
    const groups = channel.DataSource?.S3DataSource?.InstanceGroupNames ?? [];
    return groups.length === 0 || groups.includes(group?.instance_group_name ?? "");
  });
}

export function inputDataConfig(request: TrainingJobRequest, channels = request.InputDataConfig ?? []) {
  const mode = request.AlgorithmSpecification?.TrainingInputMode ?? "File";
  return Object.fromEntries(
    channels.map((channel) => [
      channel.ChannelName,
      {
        ...(channel.ContentType === undefined ? {} : { ContentType: channel.ContentType }),
        // FastFile looks to the script like a directory of files, which is what it gets.
        TrainingInputMode: channel.InputMode ?? mode,
        S3DistributionType: channel.DataSource?.S3DataSource?.S3DataDistributionType ?? "FullyReplicated",
        RecordWrapperType: channel.RecordWrapperType ?? "None",
      },
    ]),
  );
}
