const METHODS = ["check", "diff", "create", "update", "delete"];

/**
 * What the state stores as the provider of a rollout; see trainingJob/storedProvider.ts. The path components/rollout/provider is in every
 * state and never moves; it is looked for upwards, as the program may be in a folder beside the components.
 */
export const storedProvider = forwarding("load()", [...METHODS, "read"]);

/** The same for the owner of an endpoint. */
export const storedOwner = forwarding("load().owner", METHODS);

function forwarding(implementation: string, methods: string[]): string {
  return `exports.handler = () => ({
  configure: (...args) => load().configure(...args),
${methods.map((name) => `  ${name}: (...args) => ${implementation}.${name}(...args),`).join("\n")}
});

function load() {
  if (!globalThis.__rollouts) {
    const path = require("path");
    let dir = process.cwd();
    const file = () => path.join(dir, "components/rollout/provider.ts");
    while (!require("fs").existsSync(file()) && dir !== path.dirname(dir)) dir = path.dirname(dir);
    if (!require.extensions[".ts"]) require(path.join(dir, "components/fastStart"));
    globalThis.__rollouts = require(file()).createProvider();
  }
  return globalThis.__rollouts;
}
`;
}
