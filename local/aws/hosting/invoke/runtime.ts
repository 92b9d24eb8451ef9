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

export interface RuntimeOptions {
  store: RecordStore<EndpointRecord>;
  hosting: Pick<Hosting, "find">;
  /** Made for each request; aborts when the model has had its time. Default 60 seconds, as on SageMaker. */
  deadline?: () => AbortSignal;
  /** From 0 to 1, for the choice of the variant. */
  random?: () => number;
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
    if (!route.instance) return unavailable();
    const signal = deadline?.() ?? AbortSignal.timeout(timeoutMs);
    const message = { method: "POST", path: "/invocations", headers: forwarded(headers), body } as const;
    try {
      // Nothing waits between the choice and the call: an instance that is on its way out sees that it is needed.
      return answerOf(name, caller, route, await route.instance.invoke(message, signal));
    } catch {
      return signal.aborted ? modelError(name, caller, 0, timedOut) : unavailable();
    }
  }
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
