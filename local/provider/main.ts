/** Starts the provider as the Pulumi engine expects of a plugin: serve gRPC on a free loopback port and print its number. */

import { createRequire, flushCompileCache } from "node:module";
import type * as grpc from "@grpc/grpc-js";
import { Provider } from "./provider.ts";
import { providerService } from "./server.ts";

const require = createRequire(import.meta.url);
const { Server, ServerCredentials } = require("@grpc/grpc-js") as typeof grpc;
const { ResourceProviderService } =
  require("@pulumi/pulumi/proto/provider_grpc_pb") as typeof import("@pulumi/pulumi/proto/provider_grpc_pb.js");

/** The version of the SDK in use: it is this version of the real provider that is stood in for. */
const { version } = require("@pulumi/aws/package.json") as { version: string };

/** As large as the engine's own limit, in bytes. */
const maxMessageBytes = 400 * 1024 * 1024;

/** Milliseconds between two looks at whether the engine is still there. */
const orphanCheckMs = 5_000;

const server = new Server({ "grpc.max_receive_message_length": maxMessageBytes });
server.addService(ResourceProviderService, providerService(new Provider(), version));
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
  // The engine kills its plugins: what NODE_COMPILE_CACHE is to keep must be written before that.
  flushCompileCache();
});

// An engine that was killed cannot stop its plugins.
const engine = process.ppid;
setInterval(() => {
  if (process.ppid !== engine) process.exit(0);
}, orphanCheckMs).unref();
