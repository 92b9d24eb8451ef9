// Serves the dynamic providers of the program in the working directory, by the SDK that is installed for it.
require(require.resolve("@pulumi/pulumi/cmd/dynamic-provider", { paths: [process.cwd()] }));
