/** aws:index functions about the account, the region and its partition */

import { partitionOf } from "../aws.ts";
import { optionalText, type ProviderFunction } from "../invoke.ts";

export const getCallerIdentity: ProviderFunction = {
  token: "aws:index/getCallerIdentity:getCallerIdentity",
  async invoke(aws) {
    const sts = await aws.sts();
    const { Account, Arn, UserId } = await sts.getCallerIdentity({});
    return { accountId: Account, arn: Arn, id: Account, userId: UserId };
  },
};

export const getRegion: ProviderFunction = {
  token: "aws:index/getRegion:getRegion",
  async invoke(aws, args) {
    const region = optionalText(args, "region") ?? optionalText(args, "name") ?? aws.region;
    const { dnsSuffix, description } = await partitionOf(region);
    const endpoint = `ec2.${region}.${dnsSuffix}`;
    return { region, name: region, id: region, endpoint, description: description ?? region };
  },
};

export const getPartition: ProviderFunction = {
  token: "aws:index/getPartition:getPartition",
  async invoke(aws) {
    const { name, dnsSuffix } = await partitionOf(aws.region);
    const reverseDnsPrefix = dnsSuffix.split(".").reverse().join(".");
    return { partition: name, id: name, dnsSuffix, reverseDnsPrefix };
  },
};
