import type { Caller } from "../../front/caller.ts";
import { validationError } from "../../sagemaker/errors.ts";
import { tagProblem } from "../../sagemaker/rules.ts";
import { type Tag, toMap } from "../../sagemaker/tags.ts";
import type { ConfigRecord, ConfigRequest } from "../records/record.ts";
import type { HostingStores } from "../records/stores.ts";
import { checkConfig } from "./configRules.ts";
import { type ListRequest, list } from "./list.ts";
import { alreadyExists, arnOf, notFound } from "./words.ts";

/** The endpoint configuration operations. Requests have been validated against the service model already. */
export class EndpointConfigs {
  private readonly options: { stores: HostingStores; now: () => number };

  constructor(options: { stores: HostingStores; now: () => number }) {
    this.options = options;
  }

  create(input: ConfigRequest & { Tags?: Tag[] }, caller: Caller) {
    const { Tags: tags = [], ...asked } = input;
    const { stores, now } = this.options;
    checkConfig(asked);
    const problem = tagProblem(tags);
    if (problem !== undefined) throw validationError(problem);
    for (const { ModelName: name = "" } of asked.ProductionVariants) {
      if (!stores.models.find(name, caller.region)) throw notFound("model", arnOf("model", name, caller));
    }
    const name = asked.EndpointConfigName;
    const arn = arnOf("endpoint-config", name, caller);
    if (stores.configs.find(name, caller.region)) throw alreadyExists("endpoint-config", arn);
    const request = {
      ...asked,
      ProductionVariants: asked.ProductionVariants.map((variant) => ({
        ...variant,
        InitialVariantWeight: variant.InitialVariantWeight ?? 1,
      })),
    };
    stores.configs.save({ request, arn, region: caller.region, tags: toMap(tags), creationTime: now() });
    return { EndpointConfigArn: arn };
  }

  describe(input: { EndpointConfigName: string }, caller: Caller) {
    const { request, arn, creationTime } = this.get(input.EndpointConfigName, caller);
    return {
      ...request,
      EnableNetworkIsolation: request.EnableNetworkIsolation ?? false,
      EndpointConfigArn: arn,
      CreationTime: creationTime / 1000,
    };
  }

  list(input: ListRequest, { region }: Caller) {
    const nameOf = ({ request }: ConfigRecord) => request.EndpointConfigName;
    const { page, NextToken } = list(this.options.stores.configs, region, input, { nameOf });
    const EndpointConfigs = page.map(({ request, arn, creationTime }) => ({
      EndpointConfigName: request.EndpointConfigName,
      EndpointConfigArn: arn,
      CreationTime: creationTime / 1000,
    }));
    return { EndpointConfigs, NextToken };
  }

  delete(input: { EndpointConfigName: string }, caller: Caller): undefined {
    this.options.stores.configs.remove(this.get(input.EndpointConfigName, caller));
  }

  private get(name: string, caller: Caller): ConfigRecord {
    const record = this.options.stores.configs.find(name, caller.region);
    if (!record) throw notFound("endpoint-config", arnOf("endpoint-config", name, caller));
    return record;
  }
}
