import type { DeploymentConfig, VariantProperty } from "@aws-sdk/client-sagemaker";
import type { Caller } from "../../front/caller.ts";
import { validationError } from "../../sagemaker/errors.ts";
import { tagProblem } from "../../sagemaker/rules.ts";
import { type Tag, toMap } from "../../sagemaker/tags.ts";
import type { Hosting, VariantChange } from "../deploy/hosting.ts";
import { alarmsOf, checkDeploymentConfig, checkGuardrails } from "../deploy/rollout.ts";
import type { DeployedVariant, EndpointRecord } from "../records/record.ts";
import type { HostingStores } from "../records/stores.ts";
import { checkInstances } from "./configRules.ts";
import { deploymentOf, retain } from "./deployments.ts";
import { describeEndpoint } from "./describeEndpoint.ts";
import { type ListRequest, list } from "./list.ts";
import { alreadyExists, arnOf, inProgress, notFound } from "./words.ts";

export interface EndpointsOptions {
  stores: HostingStores;
  hosting: Hosting;
  /** Those of these alarms that are there. */
  alarms: (names: string[], region: string) => Promise<string[]>;
  now: () => number;
}

interface UpdateRequest {
  EndpointName: string;
  EndpointConfigName: string;
  RetainAllVariantProperties?: boolean;
  ExcludeRetainedVariantProperties?: VariantProperty[];
  DeploymentConfig?: DeploymentConfig;
  RetainDeploymentConfig?: boolean;
}

interface DesiredVariant {
  VariantName: string;
  DesiredWeight?: number;
  DesiredInstanceCount?: number;
  ServerlessUpdateConfig?: object;
}

/** The endpoint operations. Requests have been validated against the service model already. */
export class Endpoints {
  private readonly options: EndpointsOptions;

  constructor(options: EndpointsOptions) {
    this.options = options;
  }

  async create(
    input: {
      EndpointName: string;
      EndpointConfigName: string;
      DeploymentConfig?: DeploymentConfig;
      Tags?: Tag[];
    },
    caller: Caller,
  ) {
    const { EndpointName: name, DeploymentConfig: config, Tags: tags = [] } = input;
    const { stores, hosting, now } = this.options;
    checkDeploymentConfig(config);
    const problem = tagProblem(tags);
    if (problem !== undefined) throw validationError(problem);
    await this.checkAlarms(config, caller);
    const deployment = deploymentOf(stores, input.EndpointConfigName, caller, now());
    const arn = arnOf("endpoint", name, caller);
    if (stores.endpoints.find(name, caller.region)) throw alreadyExists("endpoint", arn);
    const record: EndpointRecord = {
      ...{ name, arn, region: caller.region, tags: toMap(tags), status: "Creating" },
      ...{ creationTime: now(), lastModifiedTime: now(), processes: [] },
      pending: { deployment, config, startTime: now() },
    };
    stores.endpoints.save(record);
    hosting.create(record);
    return { EndpointArn: arn };
  }

  async update(input: UpdateRequest, caller: Caller) {
    const { stores, hosting, now } = this.options;
    const { lastDeploymentConfig } = this.settled(input.EndpointName, caller);
    const asked = input.DeploymentConfig;
    const config = input.RetainDeploymentConfig && !asked ? lastDeploymentConfig : asked;
    checkDeploymentConfig(config);
    await this.checkAlarms(config, caller);
    // From here on nothing waits, so two updates at a time cannot both pass.
    const record = this.settled(input.EndpointName, caller);
    const deployment = deploymentOf(stores, input.EndpointConfigName, caller, now());
    if (input.RetainAllVariantProperties && record.current) {
      const excluded = input.ExcludeRetainedVariantProperties ?? [];
      retain(
        deployment,
        record.current,
        excluded.flatMap(({ VariantPropertyType: type }) => type ?? []),
      );
      checkVariants(deployment.variants);
    }
    if (record.current) checkGuardrails(config, deployment, record.current);
    record.pending = { deployment, config, startTime: now() };
    this.begin(record);
    hosting.update(record);
    return { EndpointArn: record.arn };
  }

  reweigh(input: { EndpointName: string; DesiredWeightsAndCapacities: DesiredVariant[] }, caller: Caller) {
    const record = this.settled(input.EndpointName, caller);
    const variants = record.current?.variants ?? [];
    const changes = input.DesiredWeightsAndCapacities.map((desired): VariantChange => {
      const found = variants.find(({ variant }) => variant.VariantName === desired.VariantName);
      if (!found)
        throw validationError(`Could not find variant "${desired.VariantName}" of "${record.arn}".`);
      if (
        desired.ServerlessUpdateConfig ||
        (found.variant.ServerlessConfig && desired.DesiredInstanceCount)
      ) {
        throw validationError("The local SageMaker cannot change the capacity of a serverless variant.");
      }
      if (desired.DesiredInstanceCount === 0) {
        throw validationError("DesiredInstanceCount must be greater than or equal to 1.");
      }
      return {
        variant: desired.VariantName,
        weight: desired.DesiredWeight,
        count: desired.DesiredInstanceCount,
      };
    });
    const asked = new Map(changes.map((change) => [change.variant, change]));
    if (asked.size < changes.length) {
      throw validationError("DesiredWeightsAndCapacities names a variant more than once.");
    }
    const after = variants.map(({ variant, weight, count }) => ({
      weight: asked.get(variant.VariantName ?? "")?.weight ?? weight,
      count: asked.get(variant.VariantName ?? "")?.count ?? count,
    }));
    checkVariants(after);
    this.begin(record);
    this.options.hosting.change(record, changes);
    return { EndpointArn: record.arn };
  }

  describe(input: { EndpointName: string }, caller: Caller) {
    return describeEndpoint(this.get(input.EndpointName, caller));
  }

  list(
    input: ListRequest & {
      StatusEquals?: string;
      LastModifiedTimeAfter?: number;
      LastModifiedTimeBefore?: number;
    },
    { region }: Caller,
  ) {
    const { StatusEquals: wanted, LastModifiedTimeAfter: after, LastModifiedTimeBefore: before } = input;
    const { page, NextToken } = list(this.options.stores.endpoints, region, input, {
      nameOf: ({ name }) => name,
      statusOf: ({ status }) => status,
      selects: ({ status, lastModifiedTime: modified }) =>
        (wanted === undefined || status === wanted) &&
        (after === undefined || modified / 1000 > after) &&
        (before === undefined || modified / 1000 < before),
    });
    const Endpoints = page.map((record) => ({
      EndpointName: record.name,
      EndpointArn: record.arn,
      CreationTime: record.creationTime / 1000,
      LastModifiedTime: record.lastModifiedTime / 1000,
      EndpointStatus: record.status,
    }));
    return { Endpoints, NextToken };
  }

  delete(input: { EndpointName: string }, caller: Caller): undefined {
    const record = this.get(input.EndpointName, caller);
    if (!["InService", "Failed"].includes(record.status)) throw inProgress(record.arn);
    record.status = "Deleting";
    record.lastModifiedTime = this.options.now();
    this.options.stores.endpoints.saveSoon(record);
    this.options.hosting.remove(record);
  }

  /** What AWS says of an alarm that is not there is not public. */
  private async checkAlarms(config: DeploymentConfig | undefined, { region }: Caller): Promise<void> {
    const names = alarmsOf(config);
    if (names.length === 0) return;
    const found = new Set(await this.options.alarms(names, region));
    const missing = names.filter((name) => !found.has(name));
    if (missing.length > 0) {
      throw validationError(
        `Could not find the CloudWatch alarm(s) ${missing.join(", ")} of AutoRollbackConfiguration.`,
      );
    }
  }

  private begin(record: EndpointRecord): void {
    Object.assign(record, {
      status: "Updating",
      failureReason: undefined,
      lastModifiedTime: this.options.now(),
    });
    this.options.stores.endpoints.saveSoon(record);
  }

  private get(name: string, caller: Caller): EndpointRecord {
    const record = this.options.stores.endpoints.find(name, caller.region);
    if (!record) throw notFound("endpoint", arnOf("endpoint", name, caller));
    return record;
  }

  /** An endpoint that can be changed. A failed one can only be deleted (API reference, EndpointStatus). */
  private settled(name: string, caller: Caller): EndpointRecord {
    const record = this.get(name, caller);
    if (record.status === "Failed") {
      throw validationError(`Cannot update endpoint "${record.arn}": it is in status Failed. Delete it.`);
    }
    if (record.status !== "InService") throw inProgress(record.arn);
    return record;
  }
}

/** What holds for the variants of a configuration holds for those of an endpoint, however they came to their figures. */
function checkVariants(variants: Pick<DeployedVariant, "weight" | "count">[]): void {
  checkInstances(variants.reduce((sum, { count }) => sum + count, 0));
  if (variants.every(({ weight }) => weight === 0)) {
    throw validationError("At least one production variant must have a weight greater than zero.");
  }
}
