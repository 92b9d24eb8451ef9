// What Node loads before the SDK's starter of policy packs, which is started in the pack's folder.
//
// The starter loads TypeScript and ts-node, for every pack: more than half of a start, and there are two for each `pulumi up`. The guardrails of a
// project such as this one have no use for them: their main.js has its sources loaded by components/fastStart.js. Any other pack is started as always.
const { existsSync } = require("node:fs");
const path = require("node:path");

const [main, fastStart] = ["main.js", "../components/fastStart.js"].map((file) => path.resolve(file));
if (existsSync(main) && existsSync(fastStart)) {
  require(fastStart);
  const starter = require(path.join(process.argv[1], "../run"));
  const { run } = starter;
  starter.run = (options) => run({ ...options, typeScript: false });
}
