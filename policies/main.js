// What Pulumi starts: it loads the pack by its folder, which leads here. Who imports the package by its name gets the
// rules, and starts nothing. A published pack holds compiled code only; a checkout has the sources, and they go first.
const { existsSync } = require("node:fs");
const nodeModule = require("node:module");
const { join } = require("node:path");

nodeModule.enableCompileCache?.();
if (existsSync(join(__dirname, "index.ts"))) {
  // Pulumi has ts-node for them, which takes four times as long.
  if (existsSync(join(__dirname, "../components/fastStart.js"))) require("../components/fastStart");
  require("./index");
} else {
  require("./dist/index");
}
// Pulumi ends a pack by a signal; by itself Node writes its cache of compiled code only when a process ends in peace.
nodeModule.flushCompileCache?.();
