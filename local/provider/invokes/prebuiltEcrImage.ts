/** aws:sagemaker/getPrebuiltEcrImage:getPrebuiltEcrImage, where AWS keeps its deep learning containers */

import { partitionOf } from "../aws.ts";
import { optionalText, type ProviderFunction, textArgument } from "../invoke.ts";

/** The account that holds the containers in most regions. */
const commonAccount = "763104351884";

/** Regions served from the common account. https://github.com/aws/deep-learning-containers/blob/master/available_images.md */
const commonRegions: ReadonlySet<string> = new Set([
  ..."ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-1 ap-southeast-2".split(" "),
  ..."ca-central-1 eu-central-1 eu-north-1 eu-west-1 eu-west-2 eu-west-3 sa-east-1".split(" "),
  ..."us-east-1 us-east-2 us-west-1 us-west-2".split(" "),
]);

/** Regions with an account of their own: those that must be enabled first, and the other partitions. */
const ownAccounts: Readonly<Record<string, string>> = {
  "af-south-1": "626614931356",
  "ap-east-1": "871362719292",
  "ap-east-2": "975050140332",
  "ap-northeast-3": "364406365360",
  "ap-south-2": "772153158452",
  "ap-southeast-3": "907027046896",
  "ap-southeast-4": "457447274322",
  "ap-southeast-5": "550225433462",
  "ap-southeast-7": "590183813437",
  "ca-west-1": "204538143572",
  "cn-north-1": "727897471807",
  "cn-northwest-1": "727897471807",
  "eu-central-2": "380420809688",
  "eu-south-1": "692866216735",
  "eu-south-2": "503227376785",
  "il-central-1": "780543022126",
  "me-central-1": "914824155844",
  "me-south-1": "217643126080",
  "mx-central-1": "637423239942",
  "us-gov-east-1": "446045086412",
  "us-gov-west-1": "442386744353",
  "us-iso-east-1": "886529160074",
  "us-isob-east-1": "094389454867",
};

/** pytorch-training, huggingface-pytorch-inference, ... */
const deepLearning = /^(huggingface-)?(pytorch|tensorflow|mxnet)-(training|inference)(-eia)?$/;

/** The account of the deep learning containers in the region, or undefined where AWS has none. */
export function deepLearningAccount(region: string): string | undefined {
  return commonRegions.has(region) ? commonAccount : ownAccounts[region];
}

export const getPrebuiltEcrImage: ProviderFunction = {
  token: "aws:sagemaker/getPrebuiltEcrImage:getPrebuiltEcrImage",
  async invoke(aws, args) {
    const repositoryName = textArgument(args, "repositoryName");
    const region = optionalText(args, "region") ?? aws.region;
    const imageTag = optionalText(args, "imageTag") ?? "1";
    if (!deepLearning.test(repositoryName)) {
      throw new Error(
        `the local stack's AWS provider only knows the deep learning containers (pytorch-training, ` +
          `huggingface-pytorch-training, tensorflow-inference, ...), not "${repositoryName}"`,
      );
    }
    const registryId = deepLearningAccount(region);
    if (!registryId) {
      throw new Error(
        `no registry ID available for region (${region}) and repository (${repositoryName}): ` +
          `AWS publishes its deep learning containers in ${[...commonRegions, ...Object.keys(ownAccounts)].sort().join(", ")}`,
      );
    }
    const dnsSuffix = optionalText(args, "dnsSuffix");
    const domain = dnsSuffix ?? (await partitionOf(region)).dnsSuffix;
    return {
      id: registryId,
      registryId,
      repositoryName,
      imageTag,
      region,
      dnsSuffix,
      registryPath: `${registryId}.dkr.ecr.${region}.${domain}/${repositoryName}:${imageTag}`,
    };
  },
};
