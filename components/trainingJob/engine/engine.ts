import * as diagnostics from "node:diagnostics_channel";

/** `debug` is shown only by `pulumi --debug`. */
export type Severity = "debug" | "info" | "warning" | "error";

/** The part of the Pulumi engine that a provider may talk to while it works. */
export interface Engine {
  /** Replaces the text on the resource's own row of the display; a new status overwrites the last one. */
  status(urn: string | undefined, message: string): void;
  /** Adds a line to the resource's diagnostics. Lines keep their order. */
  log(urn: string | undefined, severity: Severity, message: string): void;
  /** Resolves when everything said so far has reached the engine. */
  flush(): Promise<void>;
}

/**
 * The address of the engine that started this process, from its `process.argv`: the last argument, behind those that `--logflow` and
 * `--tracing` add. undefined where there is none (a unit test, another launcher).
 */
export function engineAddress(argv: readonly string[]): string | undefined {
  const last = argv.slice(2).at(-1);
  return last?.startsWith("-") ? undefined : last;
}

/** Speaks to the engine at that address; without one everything said is dropped. */
export function connectEngine(address: string | undefined): Engine {
  if (!address) {
    return { status: () => {}, log: () => {}, flush: async () => {} };
  }
  // Loaded here and not at the top: preview needs none of it unless there is something to say.
  const grpc = require("@grpc/grpc-js") as typeof import("@grpc/grpc-js");
  const services = require("@pulumi/pulumi/proto/engine_grpc_pb");
  const messages = require("@pulumi/pulumi/proto/engine_pb");
  const client = new services.EngineClient(address, grpc.credentials.createInsecure());
  const severities = {
    debug: messages.LogSeverity.DEBUG,
    info: messages.LogSeverity.INFO,
    warning: messages.LogSeverity.WARNING,
    error: messages.LogSeverity.ERROR,
  };

  // One message at a time: concurrent calls could overtake each other and shuffle the log.
  let tail: Promise<void> = Promise.resolve();
  const send = (
    urn: string | undefined,
    severity: keyof typeof severities,
    text: string,
    ephemeral: boolean,
  ) => {
    const request = new messages.LogRequest();
    request.setSeverity(severities[severity]);
    request.setMessage(text);
    request.setUrn(urn ?? "");
    request.setStreamid(0);
    request.setEphemeral(ephemeral);
    // A display that cannot be reached must not fail the training.
    tail = tail.then(() => new Promise<void>((done) => client.log(request, () => done())));
  };
  return {
    status: (urn, message) => send(urn, "info", message, true),
    log: (urn, severity, message) => send(urn, severity, message, false),
    flush: () => tail,
  };
}

const CANCEL = "/pulumirpc.ResourceProvider/Cancel";

/**
 * Calls `onCancel` when the engine asks its providers to cancel (the first ^C). The stock handler of dynamic
 * providers answers that call and drops it, so it is observed where Node >= 22 publishes every HTTP/2 stream.
 * The engine also sends it at a normal shutdown: listeners must act only on operations in flight.
 */
export function onEngineCancel(onCancel: () => void): void {
  diagnostics.subscribe("http2.server.stream.start", (message) => {
    const { headers } = message as { headers?: Record<string, unknown> };
    if (headers?.[":path"] === CANCEL) onCancel();
  });
}
