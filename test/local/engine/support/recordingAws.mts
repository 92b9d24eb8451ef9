/**
 * In place of the real AWS plugin: serves as the local stack's own does, and writes down how it was configured, a line of JSON each
 * time, into the file that its first argument names. Its second argument is the version that it says it has.
 */
import { appendFileSync } from "node:fs";
import { createRequire } from "node:module";
import type * as grpc from "@grpc/grpc-js";
import { Provider } from "../../../../local/provider/provider.ts";
import { providerService } from "../../../../local/provider/server.ts";

const require = createRequire(import.meta.url);
const { Server, ServerCredentials } = require("@grpc/grpc-js") as typeof grpc;
const { ResourceProviderService } =
  require("@pulumi/pulumi/proto/provider_grpc_pb") as typeof import("@pulumi/pulumi/proto/provider_grpc_pb.js");

const [record = "", version = ""] = process.argv.slice(2);
const service = providerService(new Provider(), version);
const configure = service.configure as grpc.handleUnaryCall<
  { getArgs(): { toJavaScript(): object } },
  unknown
>;
service.configure = ((call, callback) => {
  const { AWS_ENDPOINT_URL, AWS_PROFILE } = process.env;
  const line = { args: call.request.getArgs().toJavaScript(), env: { AWS_ENDPOINT_URL, AWS_PROFILE } };
  appendFileSync(record, `${JSON.stringify(line)}\n`);
  configure(call, callback);
}) as typeof configure;

const server = new Server();
server.addService(ResourceProviderService, service);
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});
const engine = process.ppid;
setInterval(() => process.ppid === engine || process.exit(0), 1_000).unref();
