/** aws:sagemaker Model, EndpointConfiguration and Endpoint: what serves a trained model */

import type {
  CreateEndpointConfigInput,
  CreateEndpointInput,
  CreateModelInput,
  DescribeEndpointOutput,
  SageMaker,
  UpdateEndpointInput,
} from "@aws-sdk/client-sagemaker";
import { fromApi, toApi } from "../../apiNames.ts";
import type { Aws } from "../../aws.ts";
import { ifExists, isError } from "../../errors.ts";
import { defineResource, type Input } from "../../resource.ts";
import { type Tags, tagList } from "../../tags.ts";
import type { Values } from "../../values.ts";
import { readTags, updateTags } from "./tags.ts";

interface Named extends Values {
  name: string;
  tags?: Tags;
}

/** Models and endpoint configurations cannot be changed, only replaced. */
const fixed: Input = { kind: "block", replaces: true };
const fixedText: Input = { kind: "string", replaces: true };
const requiredText: Input = { ...fixedText, required: true };

const modelNames = { ModelName: "name", S3DataSource: "s3DataSources[]" };

const modelInputs = {
  name: fixedText,
  containers: fixed,
  enableNetworkIsolation: { kind: "boolean", computed: true, replaces: true },
  executionRoleArn: requiredText,
  inferenceExecutionConfig: fixed,
  primaryContainer: fixed,
  vpcConfig: fixed,
  tags: { kind: "map" },
} satisfies Record<string, Input>;

export const model = defineResource<Named>({
  token: "aws:sagemaker/model:Model",
  autoName: { property: "name", maxLength: 63 },
  inputs: modelInputs,
  outputs: ["arn"],

  async create(aws, inputs) {
    const sagemaker = await aws.sagemaker();
    await sagemaker.createModel(request<CreateModelInput>(inputs, modelNames));
    return inputs.name;
  },
  async read(aws, id) {
    const sagemaker = await aws.sagemaker();
    const found = await ifExists(sagemaker.describeModel({ ModelName: id }));
    return found && report(sagemaker, found.ModelArn, fromApi(found, modelNames), modelInputs);
  },
  async update(aws, id, { olds, news }) {
    const sagemaker = await aws.sagemaker();
    const { ModelArn } = await sagemaker.describeModel({ ModelName: id });
    await updateTags(sagemaker, ModelArn, olds.tags, news.tags);
  },
  async delete(aws, id) {
    const sagemaker = await aws.sagemaker();
    await ifExists(sagemaker.deleteModel({ ModelName: id }));
  },
});

const configurationNames = {
  EndpointConfigName: "name",
  EnableSSMAccess: "enableSsmAccess",
  IncludeInferenceResponseIn: "includeInferenceResponseIns",
  MemorySizeInMB: "memorySizeInMb",
  RoutingConfig: "routingConfigs[]",
  VolumeSizeInGB: "volumeSizeInGb",
};

const configurationInputs = {
  name: { ...fixedText, computed: true },
  namePrefix: { ...fixedText, computed: true, stateOnly: true, unset: "" },
  asyncInferenceConfig: fixed,
  dataCaptureConfig: fixed,
  executionRoleArn: fixedText,
  kmsKeyArn: fixedText,
  productionVariants: { ...fixed, required: true },
  shadowProductionVariants: fixed,
  tags: { kind: "map" },
} satisfies Record<string, Input>;

interface ConfigurationInputs extends Named {
  kmsKeyArn?: string;
  productionVariants: Values[];
}

export const endpointConfiguration = defineResource<ConfigurationInputs>({
  token: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
  autoName: { property: "name", maxLength: 63, prefix: "namePrefix" },
  inputs: configurationInputs,
  outputs: ["arn"],

  async create(aws, { kmsKeyArn, productionVariants, namePrefix: _, ...inputs }) {
    const sagemaker = await aws.sagemaker();
    // The API requires names of variants, @pulumi/aws does not.
    const named = productionVariants.map((variant, i) => ({ variantName: `variant-${i + 1}`, ...variant }));
    const config = request<CreateEndpointConfigInput>(
      { ...inputs, productionVariants: named },
      configurationNames,
    );
    await sagemaker.createEndpointConfig({ ...config, KmsKeyId: kmsKeyArn });
    return inputs.name;
  },
  async read(aws, id) {
    const sagemaker = await aws.sagemaker();
    const found = await ifExists(sagemaker.describeEndpointConfig({ EndpointConfigName: id }));
    if (!found) return undefined;
    const properties = { ...fromApi(found, configurationNames), kmsKeyArn: found.KmsKeyId };
    return report(sagemaker, found.EndpointConfigArn, properties, configurationInputs);
  },
  async update(aws, id, { olds, news }) {
    const sagemaker = await aws.sagemaker();
    const { EndpointConfigArn } = await sagemaker.describeEndpointConfig({ EndpointConfigName: id });
    await updateTags(sagemaker, EndpointConfigArn, olds.tags, news.tags);
  },
  async delete(aws, id) {
    const sagemaker = await aws.sagemaker();
    await ifExists(sagemaker.deleteEndpointConfig({ EndpointConfigName: id }));
  },
});

interface EndpointInputs extends Named {
  endpointConfigName: string;
  deploymentConfig?: Values;
}

const endpointNames = { EndpointName: "name" };

const endpointInputs = {
  name: fixedText,
  endpointConfigName: { kind: "string", required: true },
  /** How an update rolls out: not reported back. */
  deploymentConfig: { kind: "block", stateOnly: true },
  tags: { kind: "map" },
} satisfies Record<string, Input>;

export const endpoint = defineResource<EndpointInputs>({
  token: "aws:sagemaker/endpoint:Endpoint",
  autoName: { property: "name", maxLength: 63 },
  inputs: endpointInputs,
  outputs: ["arn"],

  async create(aws, inputs) {
    const sagemaker = await aws.sagemaker();
    await sagemaker.createEndpoint(request<CreateEndpointInput>(inputs, endpointNames));
    return inputs.name;
  },
  async configure(aws, id) {
    await inService(aws, id);
  },
  async read(aws, id) {
    const sagemaker = await aws.sagemaker();
    const found = await ifExists(sagemaker.describeEndpoint({ EndpointName: id }));
    return found && report(sagemaker, found.EndpointArn, fromApi(found, endpointNames), endpointInputs);
  },
  async update(aws, id, { olds, news, changed }) {
    const sagemaker = await aws.sagemaker();
    const { EndpointArn } = await sagemaker.describeEndpoint({ EndpointName: id });
    if (changed("tags")) await updateTags(sagemaker, EndpointArn, olds.tags, news.tags);
    // Also where an earlier create stopped half way: the real provider updates an endpoint only to what is new.
    if (olds.endpointConfigName === news.endpointConfigName) return;
    const DeploymentConfig = news.deploymentConfig && toApi(news.deploymentConfig);
    const EndpointConfigName = news.endpointConfigName;
    const update = { EndpointName: id, EndpointConfigName, DeploymentConfig } as UpdateEndpointInput;
    await sagemaker.updateEndpoint(update);
    await inService(aws, id);
  },
  async delete(aws, id) {
    const sagemaker = await aws.sagemaker();
    try {
      await ifExists(sagemaker.deleteEndpoint({ EndpointName: id }));
    } catch (error) {
      // As the real provider does, also where SageMaker deletes nothing, as it does while an endpoint is made or updated.
      if (isError(error, "ValidationException")) return;
      throw error;
    }
    while (await ifExists(sagemaker.describeEndpoint({ EndpointName: id }))) await aws.pause(pollMs);
  },
});

/** Milliseconds between two looks at an endpoint that changes. */
const pollMs = 1_000;

/** Waits until the endpoint serves. @throws Error with the reason when it does not come to that */
async function inService(aws: Aws, EndpointName: string): Promise<void> {
  const sagemaker = await aws.sagemaker();
  for (;;) {
    const { EndpointStatus, FailureReason }: DescribeEndpointOutput = await sagemaker.describeEndpoint({
      EndpointName,
    });
    if (EndpointStatus === "InService") return;
    if (EndpointStatus === "Failed") throw new Error(`the endpoint ${EndpointName} failed: ${FailureReason}`);
    await aws.pause(pollMs);
  }
}

function request<R>(
  { region: _, tags, ...inputs }: Values & { tags?: Tags },
  names: Record<string, string>,
): R {
  return { ...toApi(inputs, names), ...(tags && { Tags: tagList(tags) }) } as R;
}

/** The declared properties of what the API describes. */
async function report(
  sagemaker: SageMaker,
  arn: string | undefined,
  described: Values,
  inputs: Record<string, Input>,
): Promise<Values> {
  const declared = Object.keys(inputs).filter((property) => property in described);
  const properties = Object.fromEntries(declared.map((property) => [property, described[property]]));
  return { ...properties, arn, tags: await readTags(sagemaker, arn) };
}
