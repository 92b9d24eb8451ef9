import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Caller } from "../../front/caller.ts";
import type { RecordStore } from "../../sagemaker/recordStore.ts";
import type { Hosting } from "../deploy/hosting.ts";
import type { Route } from "../deploy/liveEndpoint.ts";
import type { EndpointRecord } from "../records/record.ts";
import type { ModelAnswer } from "../serve/call.ts";
import { maxBytes, maxServerlessBytes } from "../serve/limits.ts";
import {
  modelError,
  noEndpoint,
  type RuntimeAnswer,
  runtimeError,
  timedOut,
  tooLarge,
  unavailable,
} from "./answers.ts";
import type { Answered } from "./capture.ts";
import type { Outcome } from "./metrics.ts";

export interface RuntimeOptions {
  store: RecordStore<EndpointRecord>;
  hosting: Pick<Hosting, "find">;
  /** Made for each request; aborts when the model has had its time. Default 60 seconds, as on SageMaker. */
  deadline?: () => AbortSignal;
  /** From 0 to 1, for the choice of the variant. */
  random?: () => number;
  /** Told how each request went that got as far as a variant. */
  onOutcome?: (outcome: Outcome) => void;
  /** Told of each request that a model has answered well. */
  onAnswered?: (answered: Omit<Answered, "config">, route: Route) => void;
}

const timeoutMs = 60_000;

const customAttributes = "x-amzn-sagemaker-custom-attributes";
/** What reaches the container; SageMaker strips all other headers. */
const passedOn = ["content-type", "accept", customAttributes, "x-amzn-sagemaker-inference-id"];
/** What asks for hosting that is not served here. */
const unserved = [
  "x-amzn-sagemaker-target-model",
  "x-amzn-sagemaker-target-container-hostname",
  "x-amzn-sagemaker-inference-component",
  "x-amzn-sagemaker-enable-explanations",
  "x-amzn-sagemaker-session-id",
];

/** InvokeEndpoint. */
export class Runtime {
  private readonly options: RuntimeOptions;

  constructor(options: RuntimeOptions) {
    this.options = options;
  }

  async invoke(
    name: string,
    headers: IncomingHttpHeaders,
    body: Buffer,
    caller: Caller,
  ): Promise<RuntimeAnswer> {
    const { store, hosting, random = Math.random, deadline } = this.options;
    const begun = performance.now();
    const header = unserved.find((each) => headers[each] !== undefined);
    if (header !== undefined) {
      return runtimeError(400, "ValidationError", `The local SageMaker does not serve the header ${header}.`);
    }
    if (body.length > maxBytes) return tooLarge(maxBytes);
    const record = store.find(name, caller.region);
    const live = record && hosting.find(record);
    if (!live) return noEndpoint(name, caller);
    const target = headers["x-amzn-sagemaker-target-variant"]?.toString();
    const route = live.route(target, random);
    if (route === undefined) return record.current ? unavailable() : noEndpoint(name, caller);
    if (route === "no variant") {
      return runtimeError(400, "ValidationError", `Variant ${target} not found for Request`);
    }
    if (route.isServerless && body.length > maxServerlessBytes) {
      return runtimeError(400, "ValidationError", `Request ${randomUUID()} has oversize body.`);
    }
    const tell = (status: number | undefined, modelMs: number) => {
      const { variant, isServerless, deployed } = route;
      const instances = isServerless ? undefined : deployed.count;
      const overheadMs = performance.now() - begun - modelMs;
      const outcome = {
        endpoint: name,
        region: caller.region,
        variant,
        instances,
        status,
        modelMs,
        overheadMs,
      };
      this.options.onOutcome?.(outcome);
    };
    if (!route.instance) {
      tell(503, 0);
      return unavailable();
    }
    const signal = deadline?.() ?? AbortSignal.timeout(timeoutMs);
    const message = { method: "POST", path: "/invocations", headers: forwarded(headers), body } as const;
    const asked = performance.now();
    try {
      // Nothing waits between the choice and the call: an instance that is on its way out sees that it is needed.
      const answer = await route.instance.invoke(message, signal);
      tell(answer.status, performance.now() - asked);
      if (answer.status < 300)
        this.options.onAnswered?.(answeredOf(record, route, headers, body, answer), route);
      return answerOf(name, caller, route, answer);
    } catch {
      tell(undefined, performance.now() - asked);
      return signal.aborted ? modelError(name, caller, 0, timedOut) : unavailable();
    }
  }
}

function answeredOf(
  endpoint: EndpointRecord,
  { deployed }: Route,
  headers: IncomingHttpHeaders,
  body: Buffer,
  answer: ModelAnswer,
): Omit<Answered, "config"> {
  const text = (value: string | string[] | undefined) => (value === undefined ? undefined : String(value));
  return {
    ...{ endpoint, deployed },
    input: { contentType: headers["content-type"], body },
    output: { contentType: text(answer.headers["content-type"]), body: answer.body },
    inferenceId: text(headers["x-amzn-sagemaker-inference-id"]),
    customAttributes: text(headers[customAttributes]),
  };
}

function forwarded(headers: IncomingHttpHeaders): Record<string, string> {
  const kept = passedOn.flatMap((name) => {
    const value = headers[name];
    return value === undefined ? [] : [[titleCase(name), String(value)]];
  });
  return Object.fromEntries(kept);
}

/** As they reach a container: handlers look for `Accept` and `Content-Type`. */
const titleCase = (name: string) => name.replace(/(^|-)[a-z]/g, (part) => part.toUpperCase());

function answerOf(name: string, caller: Caller, { variant }: Route, answer: ModelAnswer): RuntimeAnswer {
  const { status, headers, body } = answer;
  const whole = body.length <= maxBytes;
  if (status >= 400 || !whole) {
    return modelError(name, caller, status, whole ? body.toString("utf8") : undefined);
  }
  const attributes = headers[customAttributes];
  return {
    status: 200,
    headers: {
      "content-type": String(headers["content-type"] ?? "application/octet-stream"),
      "x-amzn-invoked-production-variant": variant,
      ...(attributes === undefined ? {} : { [customAttributes]: String(attributes) }),
    },
    body,
  };
}
