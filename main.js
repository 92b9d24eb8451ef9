// What Pulumi starts: index.ts, without ts-node.
require("./components/fastStart");
module.exports = require("./index");
