/** The provider's operations on plain values: everything between the wire (server.ts) and a resource type. */

import { type Aws, connect } from "./aws.ts";
import { type CheckRequest, type CheckResult, checkInputs } from "./check.ts";
import { type ProviderConfig, parseConfig } from "./config.ts";
import { type Difference, diffInputs } from "./diff.ts";
import { explain } from "./errors.ts";
import { identityOf } from "./invokes/account.ts";
import { withPrefixedName } from "./naming.ts";
import { inputsFrom, outputsFrom, withStateOnly } from "./refresh.ts";
import { providerFunction, resourceType } from "./registry.ts";
import { type Change, inputsOf, type ResourceType } from "./resource.ts";
import { splitTags, withAllTags } from "./tags.ts";
import { isUnknown, unknownValue, type Values } from "./values.ts";

/** The resource was made, but could not be set up as asked: it stays in the state, and the next `up` goes on with it. */
export class HalfMade extends Error {
  readonly id: string;
  readonly inputs: Values;
  readonly outputs: Values;

  constructor(error: Error, id: string, inputs: Values, outputs: Values) {
    super(error.message, { cause: error });
    this.id = id;
    this.inputs = inputs;
    this.outputs = outputs;
  }
}

export interface State {
  readonly id: string;
  readonly inputs: Values;
  readonly outputs: Values;
}

export class Provider {
  readonly #connect: (config: ProviderConfig, region: string) => Aws;
  readonly #connections = new Map<string, Aws>();
  #config: ProviderConfig = { defaultTags: {}, endpoints: {} };

  /** @param connectTo makes the clients for a region; tests give their own */
  constructor(connectTo: (config: ProviderConfig, region: string) => Aws = connect) {
    this.#connect = connectTo;
  }

  configure(args: Values): void {
    this.#config = parseConfig(args);
    this.#connections.clear();
    // As the real provider does, which refuses what is wrong with the credentials here: this one says it where AWS is asked for something.
    if (this.#config.region) identityOf(this.#aws(undefined)).catch(() => undefined);
  }

  /** Validates inputs, and fills in defaults and names. A type that is not served is a failure of its own. */
  check(token: string, request: Omit<CheckRequest, "region" | "defaultTags">): CheckResult {
    let type: ResourceType;
    try {
      type = resourceType(token);
    } catch (error) {
      return { inputs: request.news, failures: [{ property: "", reason: (error as Error).message }] };
    }
    const { region = unknownValue, defaultTags } = this.#config;
    return checkInputs(type, { ...request, region, defaultTags });
  }

  diff(token: string, oldInputs: Values, news: Values): Difference {
    return diffInputs(resourceType(token), oldInputs, news);
  }

  /** The outputs that a create will have; what only AWS can tell, or decides, is unknown. */
  previewCreate(token: string, inputs: Values): Values {
    const type = resourceType(token);
    const decided = Object.entries(inputsOf(type)).filter(
      ([property, { computed }]) => computed && inputs[property] === undefined,
    );
    const unknown = ["id", ...type.outputs, ...decided.map(([property]) => property)];
    return {
      ...outputsFrom(type, inputs, inputs),
      ...Object.fromEntries(unknown.map((output) => [output, unknownValue])),
    };
  }

  async create(token: string, subject: string, inputs: Values): Promise<State> {
    const type = resourceType(token);
    const aws = this.#aws(inputs.region);
    const request = withAllTags(withPrefixedName(type, inputs));
    const id = await explained(subject, () => type.create(aws, request));
    try {
      return await explained(subject, async () => {
        await type.configure?.(aws, id, request);
        return { id, inputs, outputs: await this.#outputs(type, aws, id, inputs) };
      });
    } catch (error) {
      throw new HalfMade(error as Error, id, inputs, inputs);
    }
  }

  /** The resource as AWS has it; undefined when it is gone. */
  async read(
    token: string,
    subject: string,
    id: string,
    inputs: Values,
    outputs: Values,
  ): Promise<State | undefined> {
    const type = resourceType(token);
    const aws = this.#aws(inputs.region ?? outputs.region);
    return explained(subject, async () => {
      const actual = await this.#read(type, aws, id, { ...outputs, ...inputs });
      if (!actual) return undefined;
      const fresh = inputsFrom(type, inputs, outputs, actual);
      const complete = withStateOnly(type, outputs, actual);
      return { id, inputs: fresh, outputs: { id, ...outputsFrom(type, fresh, complete) } };
    });
  }

  /** The outputs that an update will have: the present ones, except where the new inputs change them. */
  previewUpdate(token: string, oldInputs: Values, oldOutputs: Values, news: Values): Values {
    const type = resourceType(token);
    const { changes } = diffInputs(type, oldInputs, news);
    const kept = Object.entries(oldOutputs).filter(([name]) => !changes.has(name));
    const changed = Object.entries(news).filter(([name]) => changes.has(name));
    const outputs = {
      id: oldOutputs.id,
      ...outputsFrom(type, news, Object.fromEntries([...kept, ...changed])),
    } as Values;
    const volatile = type.volatile?.on.some((input) => changes.has(input)) ? type.volatile.outputs : [];
    for (const output of volatile) if (news[output] === undefined) outputs[output] = unknownValue;
    return outputs;
  }

  async update(token: string, subject: string, id: string, oldInputs: Values, news: Values): Promise<Values> {
    const type = resourceType(token);
    const aws = this.#aws(news.region);
    const { changes } = diffInputs(type, oldInputs, news);
    const hasChanged = (property: string) =>
      changes.has(property) || (property === "tags" && changes.has("tagsAll"));
    const change: Change<Values> = {
      olds: withAllTags(oldInputs),
      news: withAllTags(news),
      changed: (...properties) => changes.size === 0 || properties.some(hasChanged),
    };
    return explained(subject, async () => {
      await type.update?.(aws, id, change);
      return this.#outputs(type, aws, id, news);
    });
  }

  async delete(token: string, subject: string, id: string, outputs: Values): Promise<void> {
    const type = resourceType(token);
    await explained(subject, () => type.delete(this.#aws(outputs.region), id, outputs));
  }

  async invoke(token: string, args: Values): Promise<Values> {
    const fn = providerFunction(token);
    return explained(undefined, () => fn.invoke(this.#aws(args.region), args));
  }

  async #outputs(type: ResourceType, aws: Aws, id: string, inputs: Values): Promise<Values> {
    const actual = await this.#read(type, aws, id, inputs);
    if (!actual) throw new Error("AWS accepted it, but does not find it afterwards");
    return { id, ...outputsFrom(type, inputs, actual) };
  }

  /** All properties as AWS has them, with the region of a regional type and the tags told apart. */
  async #read(type: ResourceType, aws: Aws, id: string, state: Values): Promise<Values | undefined> {
    const actual = await type.read(aws, id, state);
    const properties = actual && splitTags(type, actual, state, this.#config.defaultTags);
    return properties && (type.global ? properties : { ...properties, region: aws.region });
  }

  /** Clients for the resource's region, or for the provider's own. */
  #aws(requested: unknown): Aws {
    const region =
      typeof requested === "string" && requested && !isUnknown(requested) ? requested : this.#config.region;
    if (!region)
      throw new Error("no AWS region: run `pulumi config set aws:region us-east-1`, or set AWS_REGION");
    const known = this.#connections.get(region) ?? this.#connect(this.#config, region);
    this.#connections.set(region, known);
    return known;
  }
}

/** Runs an operation; its error names the resource, the operation of AWS, and what to do. */
async function explained<T>(subject: string | undefined, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw explain(error, subject);
  }
}
