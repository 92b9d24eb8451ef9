const METHODS = ["diff", "create", "update"];

/**
 * What the state stores as the provider of a gate. As that of a training job it only forwards to the project's own code, so that an old
 * state is always worked on by today's.
 */
export const storedGate = `exports.handler = () => ({
${METHODS.map((name) => `  ${name}: (...args) => load().${name}(...args),`).join("\n")}
});

// The working directory of the provider process is the project.
function load() {
  if (!require.extensions[".ts"]) require(process.cwd() + "/components/fastStart");
  return require(process.cwd() + "/components/gate/provider").gateProvider;
}
`;
