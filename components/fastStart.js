// Lets Node load the TypeScript of this project in a fraction of the time that ts-node takes: each `pulumi up` starts six such processes.
const { createHash, randomUUID } = require("node:crypto");
const fs = require("node:fs");
const nodeModule = require("node:module");
const path = require("node:path");

nodeModule.enableCompileCache?.();
require.extensions[".ts"] = (module, file) => module._compile(javaScript(file), file);
// What is made keeps its lines, so that no trace has to be mapped: the SDK takes hundreds, and shows none.
Error.prepareStackTrace = undefined;
// A third of the start of the SDK itself, for what serializes functions: nothing here does.
for (const name of ["@pulumi/pulumi/typescript-shim", "@npmcli/arborist"]) loadLater(name);

const cache = path.join(__dirname, "..", "node_modules", ".cache", "typescript");
const options = { transforms: ["imports", "typescript"], disableESTransforms: true };

/** What a file is in JavaScript: made once for each content. */
function javaScript(file) {
  const source = fs.readFileSync(file, "utf8");
  const { version } = require("sucrase/package.json");
  const key = createHash("sha256")
    .update(`${version}\0${JSON.stringify(options)}\0${source}`)
    .digest("hex");
  const kept = path.join(cache, `${key}.js`);
  try {
    return fs.readFileSync(kept, "utf8");
  } catch {
    // not there yet
  }
  const made = require("sucrase").transform(source, { ...options, filePath: file }).code;
  keep(kept, made);
  return made;
}

/** Another process may be reading it: it sees all of it or nothing. What cannot be written is made again next time. */
function keep(file, content) {
  const partial = `${file}.${randomUUID()}`;
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    try {
      fs.writeFileSync(partial, content);
      fs.renameSync(partial, file);
    } finally {
      fs.rmSync(partial, { force: true });
    }
  } catch {
    // a full disk, or a folder of somebody else
  }
}

/** Has a package of the SDK loaded when something of it is used. */
function loadLater(name) {
  const file = require.resolve(name, {
    paths: [path.dirname(require.resolve("@pulumi/pulumi/package.json"))],
  });
  if (require.cache[file]) return;
  let loaded;
  const load = () => {
    if (!loaded) {
      delete require.cache[file];
      loaded = require(file);
    }
    return loaded;
  };
  // Called an ES module, it is taken as it is by what imports all of it.
  const exports = new Proxy({}, { get: (_, key) => (key === "__esModule" ? true : load()[key]) });
  require.cache[file] = Object.assign(new nodeModule.Module(file), { filename: file, loaded: true, exports });
}
