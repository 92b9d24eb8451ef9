// What Node loads before the SDK's starter of policy packs, which is started in the pack's folder.
//
// The starter loads TypeScript and ts-node, for every pack: more than half of a start, and there are two for each `pulumi up`. A pack such as this
// project's, whose main.js has its sources loaded by components/fastStart.js, has no use for them. Any other pack is started as always.
const { existsSync, readFileSync } = require("node:fs");
const path = require("node:path");
const v8 = require("node:v8");

const starter = process.argv[1] ?? "";
// Threads and forks of a pack load this file too.
const isStart = starter.endsWith(path.join("cmd", "run-policy-pack", "index.js"));

const fastStart = path.resolve("../components/fastStart.js");

if (isStart && existsSync(fastStart) && loadsFastStart(process.cwd())) {
  // As the starter does, for every pack: Node keeps compiled code for one set of V8's flags.
  v8.setFlagsFromString("--allow-natives-syntax");
  require(fastStart);
  const runner = require(path.join(starter, "../run"));
  const { run } = runner;
  runner.run = (options) => run({ ...options, typeScript: false });
}

function loadsFastStart(pack) {
  try {
    return readFileSync(require.resolve(pack), "utf8").includes('require("../components/fastStart")');
  } catch {
    return false; // the starter says what is wrong
  }
}
