/** The AWS provider of the local stack with the schema of one resource type: Pulumi YAML asks for it before it makes a resource. */
import * as grpc from "@grpc/grpc-js";
import { version } from "@pulumi/aws/package.json";
import * as services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { Provider } from "../../../../../local/provider/provider.ts";
import { providerService } from "../../../../../local/provider/server.ts";

const names = [
  "algorithmSpecification",
  "enableManagedSpotTraining",
  "outputDataConfig",
  "resourceConfig",
  "roleArn",
  "stoppingCondition",
  "trainingJobName",
];
const properties = Object.fromEntries(names.map((name) => [name, { $ref: "pulumi.json#/Any" }]));
const schema = {
  name: "aws",
  version,
  resources: {
    "aws:sagemaker/trainingJob:TrainingJob": { properties, inputProperties: properties },
  },
};

const getSchema: grpc.handleUnaryCall<unknown, messages.GetSchemaResponse> = (_call, reply) =>
  reply(null, new messages.GetSchemaResponse().setSchema(JSON.stringify(schema)));

const server = new grpc.Server();
server.addService(services.ResourceProviderService, {
  ...providerService(new Provider(), version),
  getSchema,
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});

const engine = process.ppid;
setInterval(() => process.ppid === engine || process.exit(0), 1_000).unref();
