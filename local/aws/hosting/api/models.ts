import type { Caller } from "../../front/caller.ts";
import { validationError } from "../../sagemaker/errors.ts";
import { tagProblem } from "../../sagemaker/rules.ts";
import { type Tag, toMap } from "../../sagemaker/tags.ts";
import type { ModelRecord, ModelRequest } from "../records/record.ts";
import type { HostingStores } from "../records/stores.ts";
import { type ListRequest, list } from "./list.ts";
import { checkModel } from "./modelRules.ts";
import { alreadyExists, arnOf, notFound } from "./words.ts";

export interface ModelsOptions {
  stores: HostingStores;
  /** Throws SageMaker's answer unless the role exists, trusts SageMaker and finds the model's data. */
  checkAccess: (request: ModelRequest, region: string) => Promise<void>;
  now: () => number;
}

/** The model operations. Requests have been validated against the service model already. */
export class Models {
  private readonly options: ModelsOptions;

  constructor(options: ModelsOptions) {
    this.options = options;
  }

  async create(input: ModelRequest & { Tags?: Tag[] }, caller: Caller) {
    const { Tags: tags = [], ...request } = input;
    const { stores, checkAccess, now } = this.options;
    checkModel(request);
    const problem = tagProblem(tags);
    if (problem !== undefined) throw validationError(problem);
    await checkAccess(request, caller.region);
    // From here on nothing waits, so two calls with one name cannot both pass.
    const arn = arnOf("model", request.ModelName, caller);
    if (stores.models.find(request.ModelName, caller.region)) throw alreadyExists("model", arn);
    stores.models.save({ request, arn, region: caller.region, tags: toMap(tags), creationTime: now() });
    return { ModelArn: arn };
  }

  describe(input: { ModelName: string }, caller: Caller) {
    const { request, arn, creationTime } = this.get(input.ModelName, caller);
    return {
      ...request,
      EnableNetworkIsolation: request.EnableNetworkIsolation ?? false,
      ModelArn: arn,
      CreationTime: creationTime / 1000,
    };
  }

  list(input: ListRequest, { region }: Caller) {
    const nameOf = ({ request }: ModelRecord) => request.ModelName;
    const { page, NextToken } = list(this.options.stores.models, region, input, { nameOf });
    const Models = page.map(({ request, arn, creationTime }) => ({
      ModelName: request.ModelName,
      ModelArn: arn,
      CreationTime: creationTime / 1000,
    }));
    return { Models, NextToken };
  }

  delete(input: { ModelName: string }, caller: Caller): undefined {
    this.options.stores.models.remove(this.get(input.ModelName, caller));
  }

  private get(name: string, caller: Caller): ModelRecord {
    const record = this.options.stores.models.find(name, caller.region);
    if (!record) throw notFound("model", arnOf("model", name, caller));
    return record;
  }
}
