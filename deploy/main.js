// What Pulumi starts: index.ts, without ts-node.
require("../components/fastStart");
const { startProviderFirst } = require("../components/trainingJob/startProvider");

module.exports = async () => {
  await startProviderFirst();
  const program = require("./index");
  return typeof program === "function" ? program() : program; // as Pulumi has it
};
