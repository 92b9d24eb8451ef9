// What Pulumi starts: index.ts, without ts-node.
require("../components/fastStart");
const { startProviders } = require("../components/startProviders");

module.exports = async () => {
  await startProviders(require.resolve("./index"));
  const program = require("./index");
  return typeof program === "function" ? program() : program; // as Pulumi has it
};
