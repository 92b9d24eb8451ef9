// Lets Node load the TypeScript of this project in a fraction of the time that ts-node takes: each `pulumi up` starts six such processes.
const { createHash, randomUUID } = require("node:crypto");
const fs = require("node:fs");
const nodeModule = require("node:module");
const path = require("node:path");

nodeModule.enableCompileCache?.();
require.extensions[".ts"] = (module, file) => module._compile(javaScript(file), file);
// Half of what is loaded for a program is for what it does not do: serialize functions, run Pulumi, write traces, speak other languages.
const sdk = path.dirname(require.resolve("@pulumi/pulumi/package.json"));
for (const name of ["typescript-shim", "automation"]) loadLater(`@pulumi/pulumi/${name}`, sdk);
loadLater("@npmcli/arborist", sdk);
loadLater("normalize-package-data", sdk, { isFunction: true });
for (const name of [
  "resources",
  "sdk-trace-base",
  "sdk-trace-node",
  "exporter-zipkin",
  "instrumentation-grpc",
])
  loadLater(`@opentelemetry/${name}`, sdk, { ofFunctions: true });
// By a debugger, which costs a fifth of the start: for the names of files in what is said of a function that cannot be serialized.
loadLater("@pulumi/pulumi/runtime/closure/v8Hooks", sdk, { before: { isInitializedAsync: async () => {} } });
for (const name of ["zod/v4/locales", "tar"]) loadLater(name, __dirname);

// What is made keeps its lines, so that no trace has to be mapped: the SDK takes hundreds, and shows none.
loadLater("source-map-support/register", sdk);
Error.prepareStackTrace = undefined;

const cache = path.join(__dirname, "..", "node_modules", ".cache", "typescript");
const options = { transforms: ["imports", "typescript"], disableESTransforms: true };

/** Perhaps one in a text: it costs time then. */
const NAMESPACE = /^\s*(export\s+)?(namespace|module)\s+[\w$.]+\s*\{/m;

/** What a file is in JavaScript: made once for each content. */
function javaScript(file) {
  const source = fs.readFileSync(file, "utf8");
  const { version } = require("sucrase/package.json");
  const key = createHash("sha256")
    .update(`${version}\0${JSON.stringify(options)}\0${NAMESPACE}\0${source}`)
    .digest("hex");
  const kept = path.join(cache, `${key}.js`);
  try {
    return fs.readFileSync(kept, "utf8");
  } catch {
    // not there yet
  }
  const made = NAMESPACE.test(source)
    ? byTypeScript(source, file)
    : require("sucrase").transform(source, { ...options, filePath: file }).code;
  keep(kept, made);
  return made;
}

/** sucrase leaves out what is in a namespace, without a word. Lines may differ. */
function byTypeScript(source, file) {
  const { ModuleKind, ScriptTarget, transpileModule } = require("typescript");
  const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022, esModuleInterop: true };
  return transpileModule(source, { fileName: file, compilerOptions }).outputText;
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

/**
 * Has a module loaded when something of it is used, if it is there: another version of what needs it may do without.
 *
 * @param isFunction whether the module itself is a function
 * @param ofFunctions whether it has functions and classes only: to take one out of it is not to use it yet
 * @param before what it has before it is loaded, and is not loaded for
 */
function loadLater(name, from, { isFunction = false, ofFunctions = false, before = {} } = {}) {
  let file;
  try {
    file = require.resolve(name, { paths: [from] });
  } catch {
    return;
  }
  if (require.cache[file]) return;
  let loaded;
  const load = () => {
    if (!loaded) {
      delete require.cache[file];
      loaded = require(file);
    }
    return loaded;
  };
  const exports = later(load, (key) => {
    // Called an ES module, it is taken as it is by what imports all of it.
    if (key === "__esModule") return !isFunction;
    if (!loaded && Object.hasOwn(before, key)) return before[key];
    return ofFunctions ? later(() => load()[key]) : load()[key];
  });
  require.cache[file] = Object.assign(new nodeModule.Module(file), { filename: file, loaded: true, exports });
}

function later(load, get = (key) => load()[key]) {
  return new Proxy(function later() {}, {
    get: (_, key) => get(key),
    apply: (_, self, args) => Reflect.apply(load(), self, args),
    construct: (_, args) => Reflect.construct(load(), args),
  });
}
