// Serves the dynamic providers of the program in the working directory, by the SDK that is installed for it.
require("../../components/fastStart");
const loadWhenInvoked = require("./loadWhenInvoked.cjs");

// An engine that was killed says nothing. Once there is a provider of training jobs, it ends the process when its work is done.
const engine = process.ppid;
setInterval(() => {
  if (process.ppid !== engine && !globalThis.__jobs) process.exit();
}, 1_000).unref();

const sdk = require.resolve("@pulumi/pulumi/cmd/dynamic-provider", { paths: [process.cwd()] });
const { Server } = require(require.resolve("@grpc/grpc-js", { paths: [sdk] }));
loadWhenInvoked(Server, [
  `${process.cwd()}/components/trainingJob/provider`,
  "@aws-sdk/client-s3",
  "@aws-sdk/client-sagemaker",
]);
require(sdk);
