/**
 * A language host for Node programs: lets a Pulumi CLI without one of its own run this project.
 *
 * The engine starts it as `pulumi-language-nodejs [flags] ENGINE_ADDRESS`, reads its port from the first line
 * of its output, and calls the LanguageRuntime service on it.
 */
import grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/language_grpc_pb.js";
import { endAllChildren } from "./children.ts";
import { languageRuntime } from "./languageRuntime.ts";
import { engineAddress } from "./nodeCommand.ts";

/** Milliseconds between looks at whether the engine is still there. */
const orphanCheckMs = 1_000;

async function main(): Promise<void> {
  const unlimited = {
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  };
  const server = new grpc.Server(unlimited);
  server.addService(
    services.LanguageRuntimeService,
    languageRuntime(engineAddress(process.argv.slice(2))) as grpc.UntypedServiceImplementation,
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });

  let leaving = false;
  const leave = () => {
    if (leaving) return;
    leaving = true;
    server.forceShutdown();
    void endAllChildren().then(() => process.exit(0));
  };
  process.on("SIGINT", leave).on("SIGTERM", leave);
  // An engine that was killed says nothing; the system then gives its children to another parent.
  const engine = process.ppid;
  setInterval(() => process.ppid === engine || leave(), orphanCheckMs).unref();

  process.stdout.write(`${port}\n`);
}

await main();
