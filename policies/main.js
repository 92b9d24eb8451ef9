// What Pulumi starts. A published pack holds compiled code only; a checkout has the sources, and they go first.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

require(existsSync(join(__dirname, "index.ts")) ? "./index" : "./dist/index");
