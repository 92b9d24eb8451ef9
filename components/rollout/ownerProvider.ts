import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type {
  CheckResult,
  CreateResult,
  DiffResult,
  ResourceProvider,
  UpdateResult,
} from "@pulumi/pulumi/dynamic";
import type { AwsConfig } from "../trainingJob/args/args";
import { Failures } from "../trainingJob/args/failures";
import { isUnknown } from "../trainingJob/args/unknown";
import { checkAwsConfig } from "../trainingJob/aws/awsConfig";
import { howToAllow, isDenied } from "../trainingJob/aws/denied";
import type { Clock } from "../trainingJob/engine/clock";
import type { RolloutApi } from "./api";
import { isOwn } from "./takeUp";
import { untilGone, untilSettled, type Waiting } from "./waiting";
import { said } from "./words";

export interface EndpointOwnerInputs {
  endpointName: string;
  /** Default: that of the environment. */
  region?: string;
  /** Settings of the `aws.Provider` that it follows, if there is one. */
  awsConfig?: AwsConfig;
  /** The row of the display that speaks for it. */
  logUrn?: string;
}

export interface EndpointOwnerState extends EndpointOwnerInputs {
  /** On the endpoint as a tag. Made once, and never again. */
  mark: string;
}

interface Dependencies {
  api(where: EndpointOwnerInputs): RolloutApi;
  clock: Clock;
  /** Runs what a ^C ends. */
  run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  status(urn: string | undefined, text: string): void;
  warn(urn: string | undefined, text: string): void;
}

type Place = Pick<EndpointOwnerInputs, "region" | "awsConfig">;

/** Where something is, and who may see it. */
export const placeOf = ({ region, awsConfig }: Place) => [region || undefined, awsConfig];

/** By what it is another one: another region, but not one that only the shell named until now. */
export const moved = (olds: Place, news: Place): "region"[] =>
  olds.region && news.region && !isUnknown(news.region) && olds.region !== news.region ? ["region"] : [];

/**
 * Sees that an endpoint ends with its stack. SageMaker deletes none that is being made or updated, and the AWS provider takes that refusal
 * for a success; one whose creation was killed is in no state at all. Both go on, and are billed. So this is made before the endpoint, and
 * its delete, which comes after the endpoint's, deletes what is still there with its mark.
 */
export class EndpointOwnerProvider implements ResourceProvider {
  readonly #with: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#with = dependencies;
  }

  async check(_olds: unknown, news: EndpointOwnerInputs): Promise<CheckResult> {
    const failures = new Failures();
    checkAwsConfig(news.awsConfig, failures);
    return { inputs: news, failures: failures.list };
  }

  async diff(_id: string, olds: EndpointOwnerState, news: EndpointOwnerInputs): Promise<DiffResult> {
    const replaces = [
      ...(olds.endpointName === news.endpointName ? [] : ["endpointName"]),
      ...moved(olds, news),
    ];
    return {
      changes: replaces.length > 0 || !isDeepStrictEqual(placeOf(olds), placeOf(news)),
      replaces,
    };
  }

  async create(inputs: EndpointOwnerInputs): Promise<CreateResult> {
    const mark = randomUUID();
    return { id: mark, outs: { ...inputs, mark } };
  }

  async update(_id: string, { mark }: EndpointOwnerState, news: EndpointOwnerInputs): Promise<UpdateResult> {
    return { outs: { ...news, mark } };
  }

  async delete(_id: string, state: EndpointOwnerState): Promise<void> {
    const { clock, run, status } = this.#with;
    const { endpointName, logUrn } = state;
    try {
      const api = this.#with.api(state);
      await run((signal) =>
        this.#end(state, api, { api, clock, signal, status: (text) => status(logUrn, text) }),
      );
    } catch (error) {
      const next = isDenied(error)
        ? `${howToAllow((error as Error).message, "sagemaker:DescribeEndpoint, sagemaker:ListTags and sagemaker:DeleteEndpoint")}, then destroy again`
        : "destroy again";
      throw new Error(
        `The endpoint ${endpointName} may still be there, and billed: ${said(error)}\nNext: ${next}.`,
      );
    }
  }

  async #end({ endpointName, mark, logUrn, region }: EndpointOwnerState, api: RolloutApi, waiting: Waiting) {
    const found = await api.describe(endpointName);
    if (!found) return;
    const tags = await api.tags(endpointName);
    if (!tags) return;
    if (!isOwn(tags, mark)) {
      // Somebody else may have one of that name, which is why none could be made here.
      this.#with.warn(
        logUrn,
        `The endpoint ${endpointName} is there (${found.status}) and does not carry the mark of this stack, so it stays. If it is none of ` +
          `somebody else's, it is billed until you delete it: aws sagemaker delete-endpoint --endpoint-name ${endpointName}${region ? ` --region ${region}` : ""}`,
      );
      return;
    }
    if (found.status !== "Deleting") {
      this.#with.warn(
        logUrn,
        `The endpoint ${endpointName} is still there (${found.status}), as SageMaker deletes none that is being made or updated: it is deleted now.`,
      );
    }
    if (!(await untilSettled(endpointName, waiting))) return;
    await api.delete(endpointName);
    await untilGone(endpointName, waiting);
  }
}
