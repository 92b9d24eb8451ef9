// What Pulumi starts: it loads the pack by its folder, which leads here. Who imports the package by its name gets the
// rules, and starts nothing. A published pack holds compiled code only; a checkout has the sources, and they go first.
const { existsSync } = require("node:fs");
const nodeModule = require("node:module");
const { join } = require("node:path");

// Pulumi ends a pack by a signal, and Node writes its cache of compiled code only when a process ends by itself.
nodeModule.enableCompileCache?.();
require(existsSync(join(__dirname, "index.ts")) ? "./index" : "./dist/index");
setImmediate(() => nodeModule.flushCompileCache?.());
