// Serves the dynamic providers of the program in the working directory, by the SDK that is installed for it.
if (!process.env.LOCAL_ENGINE_STOCK) {
  process.env.PULUMI_NODEJS_TYPESCRIPT = "preloaded";
  require("./preload.cjs");
}

// An engine that was killed says nothing. Once there is a provider of training jobs, it ends the process when its work is done.
const engine = process.ppid;
setInterval(() => {
  if (process.ppid !== engine && !globalThis.__jobs) process.exit();
}, 1_000).unref();

require(require.resolve("@pulumi/pulumi/cmd/dynamic-provider", { paths: [process.cwd()] }));
