import assert from "node:assert/strict";
import {
  channelsOf,
  hyperparameters,
  inputDataConfig,
  resourceConfig,
} from "../../../../../local/aws/training/process/configFiles.ts";
import { hostNames, localize } from "../../../../../local/aws/training/process/layout.ts";
import { validRequest } from "../../sagemaker/support.ts";

describe("the files in input/config", () => {
  it("name the host, its peers and the instance type", () => {
    const hosts = hostNames(2);
    assert.deepEqual(resourceConfig("algo-2", hosts, validRequest()), {
      current_host: "algo-2",
      current_instance_type: "ml.g5.xlarge",
      current_group_name: "homogeneousCluster",
      hosts: ["algo-1", "algo-2"],
      instance_groups: [
        {
          instance_group_name: "homogeneousCluster",
          instance_type: "ml.g5.xlarge",
          hosts: ["algo-1", "algo-2"],
        },
      ],
      network_interface_name: "lo",
    });
  });

  it("give each host of a heterogeneous cluster its group", () => {
    const request = validRequest({
      ResourceConfig: {
        VolumeSizeInGB: 1,
        InstanceGroups: [
          { InstanceGroupName: "data", InstanceType: "ml.m5.large", InstanceCount: 1 },
          { InstanceGroupName: "gpu", InstanceType: "ml.g5.xlarge", InstanceCount: 2 },
        ],
      },
    });
    const config = resourceConfig("algo-3", hostNames(3), request);
    assert.equal(config.current_group_name, "gpu");
    assert.equal(config.current_instance_type, "ml.g5.xlarge");
    assert.deepEqual(
      config.instance_groups.map((group) => group.hosts),
      [["algo-1"], ["algo-2", "algo-3"]],
    );
  });

  it("describe the channels", () => {
    const request = validRequest({
      InputDataConfig: [
        {
          ChannelName: "train",
          ContentType: "image/png",
          DataSource: {
            S3DataSource: {
              S3DataType: "S3Prefix",
              S3Uri: "s3://b",
              S3DataDistributionType: "ShardedByS3Key",
            },
          },
        },
        {
          ChannelName: "val",
          InputMode: "FastFile",
          DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: "s3://b" } },
        },
      ],
    });
    assert.deepEqual(inputDataConfig(request), {
      train: {
        ContentType: "image/png",
        TrainingInputMode: "File",
        S3DistributionType: "ShardedByS3Key",
        RecordWrapperType: "None",
      },
      val: {
        TrainingInputMode: "FastFile",
        S3DistributionType: "FullyReplicated",
        RecordWrapperType: "None",
      },
    });
  });

  it("leave out of a host's channels those of other instance groups", () => {
    const group = (name: string, count: number) =>
      ({ InstanceGroupName: name, InstanceType: "ml.m5.large", InstanceCount: count }) as const;
    const channel = (name: string, ...groups: string[]) => ({
      ChannelName: name,
      DataSource: {
        S3DataSource: { S3DataType: "S3Prefix", S3Uri: "s3://b", InstanceGroupNames: groups } as const,
      },
    });
    const request = validRequest({
      ResourceConfig: { InstanceGroups: [group("data", 1), group("train", 2)], VolumeSizeInGB: 1 },
      InputDataConfig: [channel("raw", "data"), channel("all"), channel("both", "data", "train")],
    });
    const hosts = ["algo-1", "algo-2", "algo-3"];
    const names = (host: string) => channelsOf(host, hosts, request).map(({ ChannelName }) => ChannelName);
    assert.deepEqual(names("algo-1"), ["raw", "all", "both"]);
    assert.deepEqual(names("algo-3"), ["all", "both"]);
    assert.deepEqual(Object.keys(inputDataConfig(request, channelsOf("algo-2", hosts, request))), [
      "all",
      "both",
    ]);
  });

  it("point paths below /opt/ml to the job's own directory, JSON-encoded or not, and leave the rest", () => {
    const request = validRequest({
      HyperParameters: {
        plain: "/opt/ml/checkpoints",
        encoded: '"/opt/ml/model"',
        other: '"/opt/mlx"',
        number: "3",
        inside: "see /opt/ml/model",
      },
    });
    assert.deepEqual(hyperparameters(request, "/base"), {
      plain: "/base/checkpoints",
      encoded: '"/base/model"',
      other: '"/opt/mlx"',
      number: "3",
      inside: "see /opt/ml/model",
    });
    assert.equal(localize("/opt/ml", "/base"), "/base");
  });
});
