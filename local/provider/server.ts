/** The engine's ResourceProvider service over gRPC: converts messages, and leaves the work to provider.ts. */

import { createRequire } from "node:module";
import type * as grpc from "@grpc/grpc-js";
import type * as provproto from "@pulumi/pulumi/proto/provider_pb.js";
import { checkConfig, diffConfig } from "./config.ts";
import type { Difference } from "./diff.ts";
import type { ChangeKind, Failure } from "./findings.ts";
import type { Autonaming } from "./naming.ts";
import { HalfMade, type Provider } from "./provider.ts";
import { type Values, withoutAbsent } from "./values.ts";

// Only the generated messages are loaded, not the SDK: it would take longer than everything else here.
const require = createRequire(import.meta.url);
const messages: typeof provproto = require("@pulumi/pulumi/proto/provider_pb");
const { PluginInfo } =
  require("@pulumi/pulumi/proto/plugin_pb") as typeof import("@pulumi/pulumi/proto/plugin_pb.js");
const { Status } =
  require("@pulumi/pulumi/proto/status_pb") as typeof import("@pulumi/pulumi/proto/status_pb.js");
const { Struct } =
  require("google-protobuf/google/protobuf/struct_pb") as typeof import("google-protobuf/google/protobuf/struct_pb.js");
const { Empty } =
  require("google-protobuf/google/protobuf/empty_pb") as typeof import("google-protobuf/google/protobuf/empty_pb.js");
const { Any } =
  require("google-protobuf/google/protobuf/any_pb") as typeof import("google-protobuf/google/protobuf/any_pb.js");
const { Metadata, status } = require("@grpc/grpc-js") as typeof grpc;

type Struct = InstanceType<typeof Struct>;

/** The methods of the service that the engine uses for a provider of plain resources; gRPC answers "unimplemented" to others. */
export function providerService(provider: Provider, version: string): grpc.UntypedServiceImplementation {
  return {
    handshake: unary(() => new messages.ProviderHandshakeResponse().setSupportsAutonamingConfiguration(true)),
    getPluginInfo: unary(() => new PluginInfo().setVersion(version)),
    getSchema: unary(() => new messages.GetSchemaResponse().setSchema("{}")),
    cancel: unary(() => new Empty()),

    checkConfig: unary((request: provproto.CheckRequest) => {
      const args = values(request.getNews());
      return checkResponse(args, checkConfig(args));
    }),
    diffConfig: unary((request: provproto.DiffRequest) => {
      const olds = request.hasOldInputs() ? request.getOldInputs() : request.getOlds();
      const changes = diffConfig(values(olds), values(request.getNews()));
      const replaces = [...changes.values()].some((change) => change.replaces);
      return diffResponse({ changes, replaces, deleteBeforeReplace: false });
    }),
    configure: unary((request: provproto.ConfigureRequest) => {
      provider.configure(values(request.getArgs()));
      // Secrets are taken as plain values: the engine marks outputs of the same name itself.
      return new messages.ConfigureResponse()
        .setSupportspreview(true)
        .setSupportsAutonamingConfiguration(true);
    }),

    check: unary((request: provproto.CheckRequest) => {
      const { token, name } = parseUrn(request.getUrn());
      const { inputs, failures } = provider.check(token, {
        name,
        olds: values(request.getOlds()),
        news: values(request.getNews()),
        seed: request.getRandomseed_asU8(),
        autonaming: autonaming(request.getAutonaming()),
      });
      return checkResponse(inputs, failures);
    }),
    diff: unary((request: provproto.DiffRequest) => {
      const { token } = parseUrn(request.getUrn());
      return diffResponse(provider.diff(token, values(request.getOldInputs()), values(request.getNews())));
    }),
    create: unary(async (request: provproto.CreateRequest) => {
      const { token, subject } = parseUrn(request.getUrn());
      const inputs = values(request.getProperties());
      if (request.getPreview()) {
        return new messages.CreateResponse().setProperties(struct(provider.previewCreate(token, inputs)));
      }
      const { id, outputs } = await provider.create(token, subject, inputs);
      return new messages.CreateResponse().setId(id).setProperties(struct(outputs));
    }),
    read: unary(async (request: provproto.ReadRequest) => {
      const { token, subject } = parseUrn(request.getUrn());
      const [inputs, outputs] = [values(request.getInputs()), values(request.getProperties())];
      const state = await provider.read(token, subject, request.getId(), inputs, outputs);
      if (!state) return new messages.ReadResponse();
      const response = new messages.ReadResponse().setId(state.id);
      return response.setProperties(struct(state.outputs)).setInputs(struct(state.inputs));
    }),
    update: unary(async (request: provproto.UpdateRequest) => {
      const { token, subject } = parseUrn(request.getUrn());
      const [olds, news] = [values(request.getOldInputs()), values(request.getNews())];
      const outputs = request.getPreview()
        ? provider.previewUpdate(token, olds, values(request.getOlds()), news)
        : await provider.update(token, subject, request.getId(), olds, news);
      return new messages.UpdateResponse().setProperties(struct(outputs));
    }),
    delete: unary(async (request: provproto.DeleteRequest) => {
      const { token, subject } = parseUrn(request.getUrn());
      await provider.delete(token, subject, request.getId(), values(request.getProperties()));
      return new Empty();
    }),
    invoke: unary(async (request: provproto.InvokeRequest) => {
      const result = await provider.invoke(request.getTok(), values(request.getArgs()));
      return new messages.InvokeResponse().setReturn(struct(withoutAbsent(result)));
    }),
  };
}

/** A gRPC handler from a function of the request. Its errors reach the user as they are. */
function unary<Request, Response>(
  handle: (request: Request) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return async (call, callback) => {
    try {
      callback(null, await handle(call.request));
    } catch (error) {
      const { message } = error as Error;
      const metadata = error instanceof HalfMade ? halfMadeDetails(error) : undefined;
      callback({ code: status.UNKNOWN, message, details: message, metadata } as grpc.ServiceError);
    }
  };
}

/** Tells the engine what was made in spite of the error. gRPC for Node has no API for error details: this is its wire format. */
function halfMadeDetails({ message, id, inputs, outputs }: HalfMade): grpc.Metadata {
  const detail = new messages.ErrorResourceInitFailed().setId(id).setReasonsList([message]);
  detail.setProperties(struct(outputs)).setInputs(struct(inputs));
  const packed = new Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const rpcStatus = new Status().setCode(status.UNKNOWN).setMessage(message);
  rpcStatus.addDetails(packed);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(rpcStatus.serializeBinary()));
  return metadata;
}

/** urn:pulumi:stack::project::parent$aws:s3/bucket:Bucket::name */
function parseUrn(urn: string): { token: string; name: string; subject: string } {
  const [, , qualifiedType = "", ...rest] = urn.split("::");
  const token = qualifiedType.split("$").at(-1) ?? "";
  const name = rest.join("::");
  return { token, name, subject: `${token} "${name}"` };
}

function values(message: Struct | undefined): Values {
  return (message?.toJavaScript() ?? {}) as Values;
}

/** What is undefined is left out; null is sent, as the real provider does for outputs that have no value. */
function struct(properties: Values): Struct {
  const sent = Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
  return Struct.fromJavaScript(sent as Parameters<typeof Struct.fromJavaScript>[0]);
}

function autonaming(message: provproto.CheckRequest.AutonamingOptions | undefined): Autonaming | undefined {
  if (!message) return undefined;
  const modes = ["propose", "enforce", "disable"] as const;
  return { mode: modes[message.getMode()] ?? "propose", proposedName: message.getProposedName() };
}

function checkResponse(inputs: Values, failures: Failure[]): provproto.CheckResponse {
  const list = failures.map(({ property, reason }) =>
    new messages.CheckFailure().setProperty(property).setReason(reason),
  );
  return new messages.CheckResponse().setInputs(struct(inputs)).setFailuresList(list);
}

function diffResponse({ changes, replaces, deleteBeforeReplace }: Difference): provproto.DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  const response = new messages.DiffResponse()
    .setChanges(changes.size > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList([...changes.keys()])
    .setReplacesList([...changes].filter(([, change]) => change.replaces).map(([name]) => name))
    .setDeletebeforereplace(replaces && deleteBeforeReplace)
    .setHasdetaileddiff(true);
  for (const [name, change] of changes) {
    const detail = new messages.PropertyDiff().setKind(diffKind(change.kind, change.replaces));
    response.getDetaileddiffMap().set(name, detail.setInputdiff(true));
  }
  return response;
}

function diffKind(kind: ChangeKind, replaces: boolean): provproto.PropertyDiff.Kind {
  const { Kind } = messages.PropertyDiff;
  const kinds = {
    add: replaces ? Kind.ADD_REPLACE : Kind.ADD,
    delete: replaces ? Kind.DELETE_REPLACE : Kind.DELETE,
    update: replaces ? Kind.UPDATE_REPLACE : Kind.UPDATE,
  };
  return kinds[kind];
}
