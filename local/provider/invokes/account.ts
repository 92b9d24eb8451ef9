/** aws:index functions about the account, the region and its partition */

import type { GetCallerIdentityResponse } from "@aws-sdk/client-sts";
import { type Aws, partitionOf } from "../aws.ts";
import { optionalText, type ProviderFunction } from "../invoke.ts";

export const getCallerIdentity: ProviderFunction = {
  token: "aws:index/getCallerIdentity:getCallerIdentity",
  async invoke(aws) {
    const { Account, Arn, UserId } = await identityOf(aws);
    return { accountId: Account, arn: Arn, id: Account, userId: UserId };
  },
};

const identities = new WeakMap<Aws, Promise<GetCallerIdentityResponse>>();

/** Whose the credentials are: asked for once, and again only where AWS did not answer. */
export function identityOf(aws: Aws): Promise<GetCallerIdentityResponse> {
  const known = identities.get(aws);
  if (known) return known;
  const asked = (async () => (await aws.sts()).getCallerIdentity({}))();
  identities.set(aws, asked);
  asked.catch(() => identities.delete(aws));
  return asked;
}

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
