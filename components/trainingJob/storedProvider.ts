const METHODS = ["check", "diff", "create", "update", "delete"];

/**
 * What the state stores as the provider of a dynamic resource, and Pulumi's provider process evaluates. It only forwards: the
 * implementation is loaded from the project by that process, so an old state is always worked on by today's code.
 *
 * `pulumi.dynamic.Resource` would make such a text out of an object. For that it loads the TypeScript compiler, a quarter of each preview,
 * and what comes out depends on how the program was compiled.
 */
export const storedProvider = forwarding("load()", [...METHODS, "read"]);

/** The same for the owner of a training's jobs. */
export const storedOwner = forwarding("load().owner", METHODS);

function forwarding(implementation: string, methods: string[]): string {
  return `exports.handler = () => ({
  configure: (...args) => load().configure(...args),
${methods.map((name) => `  ${name}: (...args) => ${implementation}.${name}(...args),`).join("\n")}
});

// The working directory of the provider process is the project.
function load() {
  if (!globalThis.__jobs) {
    if (!require.extensions[".ts"]) require(process.cwd() + "/components/fastStart");
    globalThis.__jobs = require(process.cwd() + "/components/trainingJob/provider").createProvider();
  }
  return globalThis.__jobs;
}
`;
}
